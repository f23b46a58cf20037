"""What fni owes."""

from dealership.stores.models import Department
from tasks.playbook import Playbook

playbook = Playbook(Department.FNI)
