"""The words of "no more", "again", "who is this" and "wrong number", as data. Spelt as `folding.fold()` spells."""

import re

from dealership.messaging.replies.folding import listed

CARRIER_STOP = frozenset(listed("stop stopall unsubscribe end quit cancel revoke optout"))
CARRIER_START = frozenset(listed("start unstop"))
CARRIER_HELP = frozenset(listed("help info ayuda"))

STOP_ALONE = frozenset(
    listed(
        "stopp stops stoptext stoptexts stoptexting unsub unsubscribed unsubscribeme stopmessages stopit "
        "stopnow alto pare paren parar basta yabasta detener detente detenganse desuscribir desuscribirme "
        "desuscribanme eliminarme borrame eliminame quitame sacame borrenme quitenme saquenme eliminenme "
        "darmedebaja baja dardebaja arret arrete arreter arretez desabonnez desabonner desinscrire stoppen "
        "abmelden sair parem descadastrar optmeout optingout optedout dnc donotcontact donotcall donottext "
        "nocontact removeme remove стоп отписаться отписка хватит 停止 退订 退訂 取消订阅 구독취소 수신거부 정지 توقف قف الغاء "
        "itigil sispann kanpe hentikan dừng ngung huy dung"
    )
)
STOP_ALONE_MAYBE = frozenset(
    listed(
        "cancelar salir fin terminar terminado nomas yano para enough nomore done over delete block blocked spam "
        "kill goaway dejen deja eliminar borrar quitar no no2 stop1 stop2end stoptoend annuler parada"
    )
) - {"no", "done", "over"}

HARD_STOP = frozenset(
    listed(
        "stop stopall stopp stpo sotp tsop unsubscribe unsub optout quit revoke alto pare paren basta arret"
    )
)
CLEAR_TYPOS = frozenset(
    listed(
        "stpo sotp tsop stopp sstop sttop stoop stp unsubcribe unsubscibe unsuscribe unsubscrib unsubsribe "
        "unsubscride unsubscrible unsubsrcibe unsubscirbe unscubscribe optuot optot stopal"
    )
)
DECORATION = frozenset(
    listed(
        "please pls plz plse pleas now ok okay k thanks thank you thx ty just it this that all the right immediately "
        "already asap forever hey hi hello i said omg wtf god damn dammit everything again por favor ya gracias esto "
        "todo no yes at once me sir maam guys today"
    )
)
REAL_WORDS = frozenset(
    listed(
        "step shop top sop stoop stow slop strop atop stops stomp stoup stock store story spot stoked sto top stp1 "
        "stopped shops swop stdp store stood evoke provoke revoked tops pop hop mop stob"
    )
) - {"stoop"}

_TALK = (
    r"(?:text(?:s|ing|ed)?|txt(?:s|ing)?|messag(?:e|es|ing)|msg(?:s|ing)?|sms|mms|contact(?:ing|s)?|"
    r"call(?:s|ing)?|e-?mail(?:s|ing)?|reach(?:ing)? out|send(?:ing)?|writ(?:e|ing)|bother(?:ing)?|"
    r"harass(?:ing|ment)?|spam(?:ming)?|bug(?:ging)?|pester(?:ing)?|notif\w*|hit(?:ting)? (?:me|us) up|"
    r"blow(?:ing)? up (?:my|our)|solicit\w*|advertis\w*|ads?|promos?|promotions?|promotional|marketing|"
    r"offers|alerts|updates|reminders?|follow(?:ing)?[- ]?ups?|communicat\w*|correspondence)"
)
_TALK_VERB = (
    r"(?:text|txt|message|msg|contact|call|e-?mail|write|send|bother|harass|spam|bug|pester|solicit|"
    r"reach(?: back)? out|hit me up|blow up my phone|texting|messaging|contacting|calling|e-?mailing|"
    r"writing|sending|bothering|harassing|spamming|reaching out)"
)
_US = r"(?:me|us|this (?:number|phone|line|cell)|my (?:number|phone|cell|line|wife|husband|mom|dad|house|family|work)|here)"
_TEXTS = (
    r"(?:text(?:s| messages?)?|messages?|msgs?|sms|calls?|e-?mails?|notifications?|reminders?|promos?|"
    r"promotions?|spam|ads?|offers?|updates?|alerts?|communications?|marketing|contact|contacted|texted|"
    r"called|emailed|messaged|to hear from (?:you|yall|u)|hear from (?:you|yall|u))"
)

NOT_A_STOP = re.compile(
    r"\b(?:dont|do not|never|didnt|did not|wont|cant|cannot) (?:ever )?(?:stop|quit|end|unsubscribe|opt "
    r"out)\b(?<!if you dont stop)(?<!unless you stop)"
    r"|\bwhy (?:did|have|do) (?:you|u|yall|they) (?:guys )?(?:stop|quit)\b"
    r"|\bwhy (?:dont|didnt|cant|wont|doesnt|havent|do not|did not) (?:you|u|yall|they|anyone|anybody|"
    r"someone)\b[^.!?]*"
    r"|\b(?:you|u|they|nobody|noone|no one) (?:guys )?(?:never|dont|didnt|do not|did not)\b"
    r"|\b(?:dont|do not|no need to|please dont) call(?: me)?[,;.]* (?:just |please |pls |but |you can |"
    r"only )*(?:text|txt|email|message)\b"
    r"|\b(?:stop|end|cancel|quit) (?:and|or) (?:go|start)\b|\bnon ?-?stop\b|\bstop[- ]?(?:watch|over|leak|"
    r"gap)\b"
    r"|\b(?:bus|truck|full|pit|rest|next|last|first|quick|one|door|short|every|complete|dead) stops?\b"
    r"|\bpor que (?:no|ya no)\b[^.!?]*"
)
"""Wordings in which a stop word says the opposite, asks, or names a thing; taken out before anything is looked for."""

CONDITION = re.compile(
    r"\b(?:until|till|til|unless|before|after|while|when|during|at work|on weekends?|tonight|today|"
    r"tomorrow|yet|this week|right now|at the moment|for now|if|instead|call me|text me instead|email me|"
    r"just call|rather|hasta|mientras|por ahora|todavia|hoy|si no|mejor llam\w*|except|only|but)\b|:\d\d|"
    r"\b\d{1,2} ?[ap]m\b"
)

CLEAR = re.compile(
    # stop texting, quit with the messages, no more calls, end all communication
    rf"\b(?:stop|stpo|sotp|stopp|quit|cease|discontinue|halt|no more|end|enough (?:with|of)|done with|sick "
    rf"of|tired of) (?:(?:all|any|the|these|those|this|that|with|w|sending|getting|receiving|me|us|your|ur|"
    rf"my|more|of|fucking|damn|stupid|future|further|please|pls|trying to|being|automated|fing|constant|"
    rf"out|and desist) ){{0,4}}{_TALK}\b"
    # do not text me, never contact us again, don't ever call this number
    rf"|\b(?:do not|dont|never|no longer|not to|no need to|can you not|please not|dnt) (?:(?:ever|please|"
    rf"pls|you|guys|keep|be|even|try|to|again|want|need|wish|like|any|anyone|anybody|more) "
    rf"){{0,5}}{_TALK_VERB}(?: (?:anything|messages|texts|any|more|texts?)){{0,2}}(?: to)? (?:{_US}\b|"
    rf"again|any ?more|ever)"
    rf"|^(?:please |pls |ok |yes |no )?(?:do not|dont|never) (?:text|call|contact|message|disturb|"
    rf"solicit)[.! ]*$"
    rf"|\bdo not (?:contact|disturb|call list|solicit)\b"
    # don't want any more texts, no longer wish to be contacted
    rf"|\b(?:dont|do not|no longer|didnt|did not|not|never) (?:want|wish|care|like|consent|agree|authorize|"
    rf"consented|agreed|interested in|asked?|signed? up)\b[^.!?]{{0,30}}\b{_TEXTS}\b"
    rf"|\bno (?:more|further) {_TEXTS}\b|^no {_TEXTS}(?: please)?[.! ]*$"
    # take me off your list, remove my number, lose my number
    rf"|\b(?:(?:take|remove|delete|scrub|strike|purge) (?:me|us|my (?:number|name|phone|info|information|"
    rf"cell|contact|contact info)|this (?:number|phone))(?: number)? off|(?:remove|delete|scrub|strike|"
    rf"purge|take|get|pull) (?:me|us|my (?:number|name|phone|info|information|cell)|this number)(?: "
    rf"number)? (?:from|out of)(?= (?:your|this|the|ur|all|any|future|texts?|here|it)\b)|(?:remove|delete) "
    rf"(?:me|my (?:number|name|info)) from)\b(?! (?:of )?(?:the |my |your |that |this )?(?:schedule|"
    rf"appointment|appt|calendar|book|waitlist|deal|loan|lease))"
    rf"|^(?:please |pls |just |and )?(?:remove|delete|unlist|take) (?:me|us|my number|this number)"
    rf"(?: off)?(?: please| pls| now| asap)?[.! ]*$"
    rf"|\b(?:lose|delete|erase|forget|trash|remove) (?:my|this) (?:phone )?number\b"
    # unsubscribe in a sentence, opt me out
    rf"|\b(?:unsubscri\w*|unsubcri\w*|unsuscri\w*|unsub)\b"
    rf"|\bopt(?:ing|ed)?[ -]*(?:me |us )?out\b(?! of (?:the |this |that |an? )?(?:extended |service |oil )?"
    rf"(?:warranty|plan|protection|coverage|repair|service|alignment|rotation|flush|inspection|change|work|"
    rf"insurance|gap))"
    # leave me alone, go away
    rf"|\bleave (?:me|us) (?:the \w+ )?alone\b|\bf\w*k off\b|\bpiss off\b|\bbug off\b|\bbuzz off\b|\bget "
    rf"lost\b"
    rf"|^go away\b|\bcease and desist\b|\b(?:revoke|withdraw|rescind)\w* (?:my |all |any )?(?:consent|"
    rf"permission)"
    rf"|\b(?:this is|youre|reported? (?:you |this )?(?:as|for)|reporting (?:you |this )?(?:as|for)) "
    rf"(?:harassment|harassing|spam|spamming)|\bblock(?:ing|ed) (?:you|this number|your number)\b"
    rf"|\bdo not call (?:list|registry)\b|\bno soliciting\b"
    # Spanish
    r"|\b(?:no|ya no|nunca) (?:mas )?(?:me |nos |le |vuelvan? a |vuelvas a |sigan? |sigas |quiero que |"
    r"deben |pueden )*(?:manden?|mandes|envien?|envies|escriban?|escribas|llamen?|llames|contacten?|"
    r"contactes|molesten?|molestes|texteen?|textees|mandar|enviar|escribir|escribirme|llamar|llamarme|"
    r"contactar|contactarme|molestar|molestarme|mandarme|enviarme|mandando|enviando|escribiendo|"
    r"llamando)(?:me|nos|le)?\b"
    r"|\b(?:deja|deje|dejen|dejar|para|pare|paren|parar) (?:ya )?de (?:\w+ )?(?:mandar|enviar|escribir|"
    r"llamar|contactar|molestar|mensaj|text|joder|fregar|insistir)\w*"
    r"|\b(?:dar|dame|deme|denme|darme|den|da|dara?nos)(?:me)? de baja\b|\bquiero (?:la )?baja\b"
    r"|\b(?:quita|quite|quiten|quitar|saca|saque|saquen|sacar|elimina|elimine|eliminen|eliminar|borra|"
    r"borre|borren|borrar|remueva|remuevan|remover)(?:me|nos)?,? (?:a )?(?:mi (?:numero|nombre|telefono)|"
    r"me |este numero|de (?:la|su|tu|sus|esta|esa) (?:lista|base))"
    r"|\b(?:quiten|saquen|eliminen|borren|quita|saca|elimina|borra)me\b(?! (?:la|el|una|un|los|las) )"
    r"|\bno (?:quiero|deseo|necesito|autorizo|me interesa)(?: (?:recibir|mas|ya|que me|sus|estos|tus|"
    r"ningun|ninguna|nada de))* (?:mensajes?|textos?|llamadas?|publicidad|correos|promociones|ofertas|"
    r"notificaciones|recordatorios|recibir|manden|envien|ustedes)\b|\bno (?:quiero|deseo) recibir\b"
    r"|\b(?:no|ni|sin) mas (?:mensajes?|textos?|llamadas?|publicidad|correos|promociones)\b"
    r"|\bdej[ea]n?(?:me|nos) (?:en paz|tranquil\w*)\b|\bdesuscri\w+|\bdesinscri\w+"
    r"|\bcancel(?:ar|en|e|a) (?:la |mi |los |mis |las )?(?:suscripcion|mensajes|textos|notificaciones)\b"
    r"|\bcancel (?:my |the |all |these |your )?(?:subscription|texts?|messages|notifications|alerts|sms)\b"
    # French, Portuguese, German, Haitian Creole
    r"|\barretez? (?:de|les|vos|ces)\b|\bne (?:me |nous )?(?:contactez|ecrivez|appelez|envoyez)\b|"
    r"\bdesabonn\w+"
    r"|\bplus de messages\b|\bpare(?:m)? de (?:me )?(?:mandar|enviar|ligar|escrever)\w*|\bnao (?:me "
    r")?(?:mande|envie|ligue)\w*"
    r"|\bkeine (?:nachrichten|sms|anrufe)\b|\bhoren sie auf\b|\bnicht mehr (?:schreiben|anrufen|"
    r"kontaktieren)\b"
    r"|\b(?:pa|sispann|sisp) (?:rele|voye|ekri|tekste|kontakte)\b"
)

_BENIGN_AFTER_STOP = (
    r"(?:by|in|over|at|off|there|on|to|up|and|around|along|next|near|through|past|down|back|into|leak\w*|"
    r"work\w*|light\w*|sign\w*|lamp|what|watching|looking|keeping|talking|worrying|running|charging|making|"
    r"the|a|an|it from|driving|using|shaking|squeak\w*|squeal\w*|grinding|turning|doing|paying|laughing|"
    r"smiling|thinking|going|getting|being|having|taking|trying|waiting|smoking|before|after|when|if|as|is|"
    r"was|so|because|distance|start|line|payment|worry\w*|playing|wasting|lying|or|then|today|tomorrow|"
    r"mon\w*|tue\w*|wed\w*|thu\w*|fri\w*|sat\w*|sun\w*|\d)"
)

DOUBTFUL = re.compile(
    rf"^(?:please |pls |ok |okay |no |hey |just |i said |yes |and )*(?:stop|stpo|quit|stopp)\b(?!,? "
    rf"?{_BENIGN_AFTER_STOP}\b)"
    r"|\b(?:please|pls|plz|just|must|asked you to|told you to|tell them to|want you to|need you to|you to|"
    r"can you|can u|will you|would you|you can|needs? to|has to|have to|better|should) (?:please |just |"
    r"all )?(?:stop|quit|end)(?: (?:it|this|that|now|already|please|asap|all this|all of this|"
    r"immediately))*\s*(?:[.!?,]|$)"
    r"|(?:^|[.!?,;] ?)(?:stop|unsubscribe|optout|stopall)[.! ]*$|^(?:stop|unsubscribe|stopall|optout)[.!,;:]"
    r"|\b(?:if you|unless you)(?: dont)? (?:stop|quit)\b|\bend (?:this|it)(?: now| please)?[.! ]*$"
    r"|\b(?:dont|do not) (?:ever )?(?:text|contact|message)\b|\bno (?:more|mas)[.! ]*$|\bi?ts enough\b"
    r"|^(?:thats )?enough(?: already)?[.! ]*$|\bget (?:me )?off (?:of )?(?:your|this|the) (?:list|texts)\b"
    r"|\b(?:off|from|out of) (?:your|this|the|ur) (?:\w+ )?(?:list|mailing list|database|contacts|"
    r"distribution)\b"
    r"|\bhow (?:do|can) i (?:stop|get off|end|cancel) (?:this|these|the|your|getting|receiving)\b"
    r"|\b(?:alto|basta|paren)\b(?! (?:nivel|precio|kilometraje))[,.!]* ?(?:ya|por favor|con|de)?[.! ]*$"
    r"|\bya (?:basta|paren|no)[.! ]*$|\bno me (?:busquen|interesan?) (?:mas|ya)\b|"
    r"\bcontactar\b.{0,12}\bno\b|^no contactar"
    r"|^(?:please |pls |just )*(?:remove|block|delete)(?: (?:please|pls|now))?[.! ]*$|\bemojistop\b"
)

FOREIGN = (
    *("отпишите", "не пишите", "не звоните", "прекратите", "больше не пиш", "не надо писать", "не беспокоит"),
    *("停止发送", "不要再发", "不要再發", "别再", "別再", "取消订阅", "退订", "退訂", "不要发短信"),
    *("그만 보내", "그만보내", "연락하지 마", "문자 그만", "수신거부"),
    *("لا ترسل", "توقف عن", "توقفوا", "الغاء الاشتراك"),
    *("tigilan", "huwag na", "dung nhan", "dung gui", "ngung gui", "pa voye", "przestan", "prosze nie pisac"),
)
"""Stop in languages that are not read further: doubt, so messages pause and a person decides."""

RESUME = re.compile(
    r"^(?:please |pls |yes |ok |i want to |id like to )*(?:resume|restart|unstop|resubscribe|subscribe|"
    r"opt(?:ing)?[ -]?(?:me )?(?:back )?in|optin|sign me (?:back )?up|start again|re ?start|reanudar|"
    r"reactivar|suscribir(?:me)?|alta|comenzar|empezar|iniciar)(?: (?:please|pls|me|texts?|messages|again|"
    r"now|por favor|my|texting|alerts|mensajes))*[.! ]*$"
    r"|\b(?:start|resume|turn on|go back to|keep) (?:\w+ )?(?:texting|messaging|sending) me\b"
    r"|\b(?:start|resume|restart) (?:the |my |your )?(?:texts|messages|messaging|texting)\b"
    r"|\b(?:you can|ok to|okay to|please|its ok to) (?:text|message|contact) me again\b|\bput me back on "
    r"(?:your|the) list\b"
    r"|^start (?:please|pls|again|now)[.! ]*$|\bvuelvan? a (?:escribirme|mandarme|enviarme)\b|\bquiero "
    r"recibir mensajes\b"
)

NOT_WRONG_NUMBER = re.compile(
    r"\b(?:gave|give|have|had|dialed|called|put|typed|entered|sent|texted)\b.{0,20}\bwrong (?:phone "
    r")?number\b.{0,40}\b(?:my (?:new |correct |right |real |cell )?(?:number|cell|phone)|it should be|"
    r"correct one|right one|is \d)"
    r"|\bi (?:gave|put|typed|entered|called|dialed)\b.{0,20}\bwrong\b|\bwrong (?:part|stock|model|vin|ro|"
    r"order|invoice|account|policy|plate)\b|\bwrong number of\b"
)
WRONG_NUMBER = re.compile(
    r"\bwrong (?:phone |cell |contact )?(?:number|num|nbr|no|#|person|guy|lady|dude|man|woman)(?: here)?\b|"
    r"\bwrong #"
    r"|\b(?:this|it) (?:is not|isnt|aint|is no longer|isnt even) (?:\w+s? )?(?:number|phone|cell)\b"
    r"|\bnot (?:his|her|their|my wifes|my husbands) (?:number|phone)\b|\bno longer (?:his|her|their) "
    r"(?:number|phone)\b"
    r"|\b(?:no ?one|nobody|no person|there is no|theres no|dont know (?:any|a|who)|no) \w* ?(?:here "
    r")?(?:by|with|of|under) that name\b|\bchanged? (?:hands|owners)\b.{0,20}\bnumber\b|\b(?:have|got) the "
    r"wrong (?:number|person|phone|guy)\b"
    r"|\bnumero (?:equivocado|incorrecto|errado)\b|\b(?:se )?equivoc\w+ de (?:numero|persona)\b|\bpersona "
    r"equivocada\b"
    r"|\beste no es (?:el|su) (?:numero|telefono)\b|\bmauvais numero\b|\bnumero errado\b|\bmove nimewo\b|"
    r"\bfalsche nummer\b"
)
MAYBE_WRONG_NUMBER = re.compile(
    r"\b(?:this|it) (?:is not|isnt|aint) (?:me|him|her|them|he|she)\b|^(?:im|i am) not (?:him|her|that "
    r"person|them)\b"
    r"|\bnot (?:me|him|her)[.! ]*$|\b(?:who dis|who is dis)\b|\bnew (?:phone|number) who\b"
    r"|\b(?:sorry )?(?:i )?(?:dont|do not) know (?:who this is|you|this person)\b"
    r"|\bnever (?:been|heard of|done business|bought|owned|visited)\b.{0,30}\b(?:there|you|your|dealership|"
    r"customer|store)\b"
    r"|\bi (?:dont|do not|never) (?:own|owned|have) (?:a |an |any )?(?:car|vehicle|truck|honda|toyota|ford|"
    r"chevy|kia|nissan|hyundai|jeep|bmw|vw|gmc|ram|subaru|mazda)\b(?! (?:to|for|yet|right))"
    r"|\bi (?:just )?got this number\b|\bno soy (?:yo|el|ella|esa persona|ese|esa)\b|\bno conozco a\b|"
    r"\bquien es usted\b"
)
