"""What customers say, by intent, as data: patterns over folded text, English and Spanish, and words that mean nothing.

The order of `FAMILIES` decides where two match: what changes an appointment comes before what asks about one.
"""

import re

from dealership.messaging.replies.folding import listed
from dealership.messaging.replies.reply import Intent

_APPT = (
    r"(?:appointments?|appt|appts|apt|aptmt|apointment|appointmnt|booking|bookings|reservations?|visit|"
    r"visits|timeslot|time ?slot|slot|cita|citas|reserva|reservacion|consulta|turno|visita|randevou|"
    r"service appointment|meeting)"
)
_AUX = r"(?:can|could|may|would|will|is it possible(?: for me)?|any way|any chance|puedo|podria|podemos|puede|podrian|pueden)"

LATE = (
    r"\b(?:running|run|runnin|be|bit|little|gonna be|i am|im|min|mins|minutes|hour) (?:a (?:few|little|bit|"
    r"couple) ?(?:of )?)?(?:\d+ )?(?:min(?:ute)?s? |mins? )?(?:bit )?(?:late|behind)\b(?! (?:payment|fee|"
    r"model|night|afternoon|morning|in))|\b(?:on my way|omw|otw|on the way|en route|heading (?:over|there|"
    r"in|your way|that way|out)|headed (?:over|there|your way|in)|leaving (?:now|home|work|my house|here)|"
    r"almost there|just (?:pulled in|arrived|got here|left|parked)|pulling (?:in|up)|stuck in (?:\w+ "
    r")?traffic|traffic is|stuck at work|stuck behind|im here$|im here[.!]|i am here$|im outside|got held "
    r"up|flat tire on the way|overslept)\b|\b(?:\d+|few|couple(?: of)?|ten|five|fifteen|twenty) "
    r"?(?:min(?:ute)?s?|mins?) (?:late|away|out|behind)\b|\bbe there (?:in|within) (?:about |like )?(?:\d+|"
    r"a few|an|half)\b|\bdoing my best to be there\b|\b(?:voy|vamos|estoy|ya voy) (?:un poco )?(?:tarde|en "
    r"camino|saliendo|retrasad\w+|atrasad\w+|llegando|para alla)\b|\bllego (?:un poco )?(?:tarde|en)\b|"
    r"\bvoy a llegar (?:un poco )?tarde\b|\ben camino\b|\batorad\w+ en (?:el )?trafico\b|\b(?:se me hizo|"
    r"llegare|llegaremos) tarde\b|\bhay (?:mucho )?trafico\b|\bya (?:estoy aqui|llegue)\b"
)
MOVE = (
    rf"\b(?:resched\w*|reshed\w*|reschudule|postpone|push (?:it|my|the|this|that)?|rebook|bump (?:it|my)|"
    rf"reprogram\w*|posponer|reagendar|aplazar|re-schedule)\b|\b(?:change|move|switch|swap|adjust|modify|"
    rf"shift|cambi\w*|mover|mueva\w*|modificar|pasar|pasarla|correr)\b(?!\w)(?: (?:my|the|our|this|that|mi|"
    rf"la|el|up|over|de|to|for|a|car|service|oil change)){{0,3}} (?:{_APPT}|it|time|date|day|hora|dia|"
    rf"fecha|everything|another|a different|a later|an earlier|things|tuesday|monday|wednesday|thursday|"
    rf"friday|saturday|sunday|tomorrow|today|manana|\d)\b(?! (?:oil|tires?|order|pin))|"
    r"\b(?:different|another|other|better|new) (?:day|date|time|week|hour)\b|\bsome other (?:day|time)\b|"
    r"\b(?:otro dia|otra (?:hora|fecha)|otro horario|cambiarla|moverla|otra semana)\b|\b(?:earlier|later|"
    r"sooner) (?:time|slot|day|appointment|appt|in the (?:day|week|morning|afternoon)|that day|on)\b|"
    r"\b(?:can|could) (?:we|i|you|u) (?:do|make it|come|go|get|have|push it) (?:\w+ ){0,2}(?:earlier|later|"
    r"sooner)\b|\bmas (?:tarde|temprano)\b|\b(?:have|had|got) (?:a|something) (?:conflict|come up|came "
    r"up)\b|\bsomething (?:came|has come|come) up\b|\b(?:day|time|date|that|it|tomorrow|today|monday|"
    r"tuesday|wednesday|thursday|friday|saturday|sunday|am|pm|\d) (?:does ?nt|does not|wont|will not|isnt "
    r"going to|is not going to|no longer|no me) (?:works?|going to work|sirve|funciona|queda|good)\b|"
    r"\bcant (?:make|do) (?:that|the|it at|it on|it as|my|today|tomorrow|mon|tue|wed|thu|fri|sat|sun|\d|"
    r"before|until)|\bcannot (?:make|do) (?:that|the|it at|it on|it as|my|today|tomorrow|\d)|\bno puedo "
    r"(?:a esa hora|ese dia|ir (?:ese|a esa)|hoy|manana|el)\b|\bchange (?:appt|appointment|booking)\b|"
    r"\bneed to change (?:it|that)\b|\bmake it (?:for|at|on)?\b(?= ?\S)(?!.{0,3}(?:$|today|tomorrow))"
)
CANCEL = (
    rf"\b(?:cancel\w*|cancle|cansel|canel|anul\w+|call off|scrap|get rid of|forget|close|remove|drop|"
    rf"scratch|eliminar|quitar|take me off) (?:(?:out|my|the|our|this|that|all|mi|la|el|de|for|\w+s|dinner|"
    rf"upcoming|\d+|am|pm|todays|tomorrows|next|service|scheduled|oil change|for now) ){{0,4}}{_APPT}\b|"
    r"\b(?:cancel|cancle|cansel|cancelled|canceling|cancelling|cancelar|cancelo|cancela|cancele|cancelen|"
    r"anular|anulen)\b|\b(?:not|wont|will not|cant|cannot|can not|unable to|isnt going to) (?:be "
    r")?(?:coming|come|able to (?:make it|come)|making it|make it|attend|be there|show)\b(?! (?:before|"
    r"until|till|at|as|on|by|to \d))|\bnever ?mind\b|\bnvm\b|\bforget (?:it|about it)\b|\b(?:dont|do not|"
    r"no longer) need (?:it|that|the|this|an?|my)? ?(?:any ?more|appointment|appt|service|anymore)\b|\bdo "
    r"not need it\b|\bdont need it\b|\bwont need\b|\balready (?:got|had|did|have) (?:it )?(?:done|fixed|"
    r"taken care|serviced|sold)\b|\b(?:went|going|taking it|took it) (?:somewhere else|elsewhere|to "
    r"another)\b|\bsold the (?:car|truck|vehicle)\b|\bno (?:voy|vamos|podre|podremos|puedo) (?:a )?(?:ir|"
    r"llegar|asistir|poder ir)\b|\bya no (?:voy|lo necesito|la necesito|puedo|necesito)\b|\bno voy\b|"
    r"\bolvid\w+\b"
)
CALLBACK = (
    r"\b(?:call|phone|ring|buzz) (?:me|us|my (?:husband|wife|son|daughter|mom|dad|cell|number|phone|work|"
    r"spouse))\b|\b(?:give|gimme|gave) (?:me |us )?a (?:call|ring|buzz|shout)\b|\bcall ?back\b|\bcall "
    r"(?:at|on) \d|\b(?:can|could|would|will|please have|have) (?:\w+ ){1,4}(?:call|phone) (?:me|us)?\b|"
    r"\bspeak (?:to|with) (?:a |an |some|the |my )?\w+ (?:by|on|over|about)|\b(?:hop|jump|get) on (?:a|"
    r"the) (?:call|phone)\b|\b(?:free|available|around) to (?:talk|chat|speak)\b|\btalk on the phone\b|"
    r"\b(?:llam(?:e|a|en|ame|eme|enme|ar))(?:me|nos)?\b(?! no)|\bdevuelv\w+ la llamada\b|\bmarqu?e?me\b|"
    r"\bcan (?:i|we) talk\b|\b(?:need|want|like|prefer) (?:to )?(?:talk|speak) (?:to|with)\b"
)
HELP = (
    r"^(?:i |we )?(?:really )?(?:need|want)(?: some)? help[.! ]*$|^help (?:please|pls|me)[.! ]*$|"
    r"^(?:please|pls) help(?: me)?[.! ]*$|\bhow (?:does|do) (?:this|i use this|it|i use it) ?(?:work|"
    r"thing)?[?.! ]*$|\b(?:dont|do not|didnt) understand\b|\b(?:speak|talk|chat|connect|get) (?:to|with|me "
    r"to|me with)? ?(?:a |an |the )?(?:real |live |actual )?(?:person|human|agent|representative|rep|"
    r"someone|somebody|operator|persona|humano)\b|\bwhat can (?:you|i) (?:do|ask|say)\b|\bwhat "
    r"(?:questions|sort of stuff|kind of)\b.*\b(?:you|i)\b|\b(?:you are|are you|youre) (?:capable|able) "
    r"(?:of|to)\b|\bquestions am i\b|\byou (?:have )?answers? (?:for|all)\b|^(?:more )?info(?:rmation)? "
    r"(?:please|pls)[.! ]*$|^(?:necesito )?ayuda(?: por favor)?[.! ]*$|\bno entiendo\b|\bhablar con (?:una "
    r"persona|alguien|un)\b|\bcomo funciona\b|^confused\b"
)
BOOK = (
    rf"\b(?:book|schedule|make|set(?: ?up)?|get|need|want|agendar|hacer|sacar|reservar|programar|pedir|"
    rf"arrange|pran|request|like)\b(?: (?:me|us|in|up|to|a|an|the|another|new|my|for|una|un|la|some|set|"
    rf"get|have|make|schedule|book|try|it|that|visit|and|need|car|service|maintenance|auto|next|oil|change|"
    rf"tire|rotation|repair|yon)){{0,6}} {_APPT}\b|^(?:ok |okay |yes |yeah |please |go ahead and |lets "
    rf")*(?:book|schedule|set) (?:it|me|us|one|that|up|a|an|the|appt)\b|^(?:i (?:want|need|would like|d "
    rf"like) to |id like to |want to |need to |like to )(?:book|schedule|come in|bring (?:it|my|the)|set "
    rf"up|get (?:it|my))\b|\bgo ahead and (?:book|schedule|set)\b|\b(?:yes|ok|okay|yeah) (?:book|"
    rf"schedule)\b|\bset it up\b|\b{_AUX} (?:i|we) (?:come|stop|swing|drop|bring|get in|schedule|book|make|"
    rf"do|get)\b|\b(?:need|want|like|have) to (?:bring|get|have|take) (?:it|my|the) .{{0,30}}\b(?:in|"
    rf"serviced?|looked at|checked|changed|repaired|fixed|oil change|inspected|maintenance)\b|"
    rf"\b(?:schedule|book|make|set up) (?:a|an|my|the|some) (?:\w+ ){{0,4}}(?:oil change|service|repair|"
    rf"rotation|inspection|maintenance|visit|test drive|ride|meeting|diagnostic|detail|recall)\b|\bneeds? "
    rf"to be (?:brought|serviced|looked)\b|\bschedule someone\b|\b(?:ill|i will|i can|we can|i could|i "
    rf"might|can|gonna|going to) (?:probably )?(?:come|stop|swing|drop|be|bring|get) (?:by|in|over|there|"
    rf"it|my|the|to look)\b|\b{_APPT} (?:please|pls|for (?:an? )?(?:oil|service|brake|tire))|^(?:new "
    rf")?(?:schedule|book|agendar|appointment) ?(?:{_APPT}|please)?[.! ]*$|\bput me down\b|\bget me in\b|"
    rf"\bpick (?:it|her|him) up\b|\bquiero (?:una|hacer|agendar|sacar|llevar|programar)\b|\bnecesito "
    rf"(?:una cita|agendar|llevar|traer)\b|\bpuedo (?:ir|llevar|pasar|traer)\b|\b(?:need|want|get|getting|"
    rf"due for|like|have|schedule|necesito|quiero) (?:an?|my|some|new|the|to get|un|el|four|4|\w+ new) "
    rf"(?:\w+ ){{0,2}}(?:oil change|brakes|brake job|tires|rotation|alignment|inspection|service|tune ?up|"
    rf"recall|battery|detail|cambio de aceite|frenos|llantas|servicio|mantenimiento)(?: (?:done|changed|"
    rf"replaced))?\b(?! (?:light|cost|price))|\bbezwen (?:yon )?randevou\b|\blook at my (?:car|truck)\b"
)
AVAILABILITY = (
    r"\b(?:any|what|which|when|whens|check|next|have|got|are there|saturday|sunday|monday|tuesday|"
    r"wednesday|thursday|friday|first|tomorrow|que|hay|tienen|tiene)\b.{0,25}\b(?:openings?|availability|"
    r"available|slots?|spots?|times?|horarios?|disponib\w*|espacio|lugar|convenient|open)\b|"
    r"\bavailability\b|\bdo you have (?:time|anything|room|any)\b"
)
QUESTION = (
    r"\?|^(?:what|whats|when|whens|where|wheres|who|whos|why|how|hows|which|is|are|am|do (?:you|u|i|we|"
    r"they|yall|the|my)|does|did|can(?! do\b)|could|would|will(?! do\b)|should|have (?:you|i|we|they)|has|"
    r"was|were|may|any|que|cual|cuando|cuanto|cuanta|donde|como|quien|puedo|puede|pueden|podria|tiene|"
    r"tienen|hay|es|esta (?:mi|el|la|list\w|todo)|eske|konbyen)\b|\b(?:wondering|question|let me know if|"
    r"lmk if|i (?:need|wanna|gotta|want|would like|d like) to know|(?:id|i would) like to know|like to "
    r"(?:try and )?confirm|tell me|i wonder|do you know|not sure (?:if|what|when|how)|any idea|how much|"
    r"how long|show my|status|office hours|on my calendar|just confirming|just checking|checking (?:on|in|"
    r"to)|say (?:that )?again|repeat|come again|hear that again|instructions|explanation|information "
    r"please|search for|step by step|need help (?:with|to)|is (?:it|my|the) \w+|are (?:you|they|we) \w+|do "
    r"(?:you|they|i) \w+|did (?:you|it|they) \w+|help (?:me )?with|something about|check my|pregunta|"
    r"quisiera saber|me puede decir|cuanto cuesta)\b"
)
THANKS = (
    r"\b(?:thanks?|thank you|thanx|thx|tks|ty|tysm|cheers|gracias|mil gracias|appreciate|gratitude|youre "
    r"the best|you are the best|emojithanks|mesi|merci|obrigad\w|much obliged|grateful|extremely helpful|"
    r"so helpful|very helpful|glad that you|good deal|te agradezco|agradecid\w)\b"
)
DECLINE = (
    r"^(?:no+|nope|nah|n|na|no way|emojino|negative|nay|no gracias|nel|pass)\b(?! (?:problem|worries|prob|"
    r"doubt|idea|one|rush))|\bnot (?:interested|right now|now|today|yet|at this time|at the moment|this "
    r"time|really|ready|for me)\b|\bno (?:thanks|thank you|ty|gracias)\b|\b(?:dont|do not) (?:want|need) "
    r"(?:it|that|to|any|the|this)\b|\bmaybe (?:later|next time|another time|some other time)\b|\bperhaps "
    r"(?:at a )?later\b|\bprefer not\b|\brather not\b|\btiming (?:isnt|is not)\b|\b(?:that|thats|it|it is|"
    r"its|you are|youre|is) (?:is )?(?:not|isnt|wrong|false|incorrect)\b|\bthats? (?:false|wrong|"
    r"incorrect)\b|\bis (?:false|wrong|not right|not correct)\b|\bno me interesa\b|\bpor ahora no\b|"
    r"\bahora no\b|\bill pass\b|\bi pass\b|\bdont think (?:so|thats)\b|\bhold off\b|\bno quiero\b|\btoo "
    r"expensive\b"
)
CONFIRM = (
    r"^(?:y|ye|yes|yess|yees|yeas|yep|yeah|yup|yea|ya|yah|yeh|yiss|c|conf|confirm|confirmed|confirming|"
    r"confirmo|confirmad[oa]|ok|okay|okey|okk|k|kk|sure|si|sii|claro|absolutely|definitely|certainly|of "
    r"course|correct|correcto|right|perfect|perfecto|great|awesome|excellent|good|fine|cool|sounds|vale|"
    r"listo|dale|affirmative|deal|emojiyes|roger|10-4|will do|you bet|bet|alright|please (?:do|and|lets)|"
    r"lets do it|go ahead|works|that works|por supuesto|de acuerdo|esta bien|bueno|wi|oui|sim|sip|simon|"
    r"yass?|indeed)\b|\b(?:that|this|it|time) (?:time |day )?(?:works|will work|is (?:fine|good|perfect|"
    r"great|correct|right|true|precisely)|suits|sounds)\b|\b(?:is|are) (?:fine|good|perfect|great|ok|"
    r"okay)(?: for (?:me|us))?[.! ]*$|\bworks(?: (?:great|fine|well|perfectly))?(?: for (?:me|us))?[.! ]*$|"
    r"^(?:no|not a) (?:problem|prob|worries)\b|^no hay problema|^yess?ir\b|^cant wait|\b(?:i|we) can (?:be "
    r"there|make it|do that|come then|do it)\b|\bi ?a?m confirming\b|\bthat is a yes\b|\bthats (?:a yes|"
    r"fine|good|perfect|great|correct|right|true|what)\b|\bthat,? suits\b|\b(?:i|we|ill|well) (?:will "
    r")?(?:be|see you|confirm) ?(?:there|then)?\b|\bi confirm\b|\bwould be (?:correct|great|perfect|fine|"
    r"good)\b|\bsee (?:you|ya|u|yall)\b|\byou(?:re| are) right\b|\byou got it\b|\b(?:is|its) (?:definitely "
    r")?affirmative\b|\blooking forward\b|\bcount on it\b|\bahi (?:estare|estaremos|nos vemos|estoy)\b|"
    r"\balli estare\w*\b|\bnos vemos\b|\bme (?:parece bien|funciona|queda bien)\b"
)
GREETING = (
    r"^(?:hi|hello|hey|hola|good (?:morning|day|afternoon|evening)|buen\w+ (?:dias?|tardes|noches)|howdy|"
    r"well hi|sup|yo)\b.{0,25}$|\b(?:good ?bye|bye|take care|catch you later|see (?:you|ya) later|talk "
    r"(?:to you )?later|adios|hasta luego|cya|ttyl|have a (?:good|great|nice)|i am done|im done|thats all|"
    r"that is all|nothing else|nice (?:talk|chat)|great conversation|nice chat)\b"
)
TENTATIVE = (
    r"\b(?:maybe|perhaps|might|not sure|unsure|dont know|do not know|who knows|no idea|idk|depends|"
    r"possibly|ill (?:let you know|get back|try|check|see|think)|let (?:you|u|ya) know|let me (?:check|see|"
    r"think|do|ask|look|get back)|get back to (?:you|u|ya)|have to (?:check|see|ask)|think about it|still "
    r"deciding|will let you|quizas|tal vez|no se|no estoy segur\w+|dejeme|dejame|le aviso|te aviso|a lo "
    r"mejor|not certain|either|havent a clue|dont have that information)\b"
)

FAMILIES: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(pattern))
    for intent, pattern in (
        (Intent.LATE, LATE),
        (Intent.MOVE, MOVE),
        (Intent.CANCEL, CANCEL),
        (Intent.CALLBACK, CALLBACK),
        (Intent.HELP, HELP),
        (Intent.BOOK, BOOK),
        (Intent.QUESTION, AVAILABILITY),
        (Intent.QUESTION, QUESTION),
        (Intent.DECLINE, DECLINE),
        (Intent.CONFIRM, CONFIRM),
        (Intent.THANKS, THANKS),
        (Intent.OTHER, GREETING),
        (Intent.OTHER, TENTATIVE),
    )
)

HEDGE = re.compile(
    r"\b(?:maybe|perhaps|might|probably|prob|prolly|possibly|think|guess|suppose|hopefully|hope|should be "
    r"able|try|trying|unless|if|depends|depending|but|not|no|cant|cannot|wont|dont|doesnt|isnt|unsure|"
    r"however|although|though|except|pero|quizas|tal vez|creo|espero|a lo mejor|depende|no se|aunque|wait|"
    r"hold on|actually|right\?|lol|lmao|haha+|jaja\w*|emojiwry|emoji|emojino|whatever|ugh|oh great|yeah "
    r"right|sure sure|i ?a?m (?:all )?(?:good|set|fine|done|cool|ok|okay|straight|out)|were (?:all "
    r")?(?:good|set|fine))\b"
)
ASKS = re.compile(
    r"\?|\b(?:is|are|can|could|would|will|do|does|did|should|may|was|am|have) (?:i|we|you|u|it|that|this|"
    r"there|they|yall)\b(?! (?:is|works|be there))|^(?:what|when|where|who|why|how|which|is|are|do|does|"
    r"did|que|cual|cuando|donde|como|puedo|podria)\b"
)

CONFIRM_WORDS = frozenset(
    listed(
        "y ye yes yess yees yep yeah yup yea ya yah c conf confirm confirmed confirming confirmo "
        "confirmado confirmada ok okay okey k kk sure si absolutely definitely certainly of course correct "
        "correcto perfect perfecto great awesome excellent good fine cool sounds vale listo claro "
        "affirmative deal emojiyes roger will do alright works por supuesto de acuerdo esta bien i we be "
        "am are it its is that thats this the you u to for me us my our thanks thank thx ty so much very "
        "please pls and hi hello hey there then ill well see still coming on at in with as planned "
        "scheduled appointment appt time date day all guys everyone a appreciate sir maam yessir make "
        "forward looking kindly too just perfectly ahi alli estare estaremos nos vemos gracias muchas la "
        "el las los cita mi hora para hola que me parece funciona queda sin falta emojithanks really thing "
        "yall folks team true cuenten conmigo en ese esa horario dia he confirmar quiero by suits bet "
        "arrive attend attending bringing car truck vehicle lovely wonderful super entonces alla asi es "
        "seguro buenos buen dias tardes"
    )
)
"""A confirmation is sure only if it holds no word beyond these."""

MOVE_WORDS = frozenset(
    listed(
        "can could may we i you u me us please pls plz do make it move change changed reschedule "
        "rescheduled switch push bring my the our appointment appt appointments booking time slot to for "
        "at on a an instead rather hi hello hey good morning thanks thank ty so much id ill like would "
        "prefer need want is be better best works work that this yes ok okay sorry and as is it possible "
        "have get set day date over up possible for works great perfect from of come in lets al cambiarla "
        "cambiarlo moverla moverlo cambiar mover cambie mueva pasar reprogramar mi la el cita a las para "
        "por favor puedo podemos podria quiero necesito mejor seria gracias hola en vez de lugar hora se "
        "puede le me funciona queda bien buenos buenas"
    )
)
"""A move is sure only if it holds no word beyond these and the time itself."""

MOVE_WORDING = re.compile(
    r"\b(?:instead|move|change|reschedule|switch|push|make it|rather|better|prefer|cambiar|cambie|mover|"
    r"mueva|pasar|reprogramar|mejor|en vez de|en lugar de|cambiarl[ao]|moverl[ao])\b"
)

#: Why somebody cannot come at the time: said beside a wish, it changes nothing about the wish.
REASON = re.compile(
    r"\b(?:(?:i am|im|am|still|got|was)\s+)*(?:stuck|held up|tied up)\s+(?:at|with|in)\s+(?:work|a meeting|meetings|traffic)\b|"
    r"\b(?:something|work)\s+(?:just\s+)?came up\b|\b(?:i\s+)?(?:have to|got to|gotta|must)\s+work(?:\s+late)?\b|"
    r"\b(?:mi|my)\s+(?:kid|son|daughter|hijo|hija)\s+(?:is|esta)\s+(?:sick|enferm[oa])\b|"
    r"\b(?:estoy|sigo)\s+(?:atorad[oa]|ocupad[oa])\s+en\s+(?:el\s+)?trabajo\b|\btengo que trabajar\b"
)
