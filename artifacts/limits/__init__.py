"""Every limit on size, time, count or length, with its unit in the name and its reason.

One module per subject; others import from here.
"""

from .access import *
from .answers import *
from .commits import *
from .connections import *
from .content import *
from .database import *
from .decisions import *
from .health import *
from .hub import *
from .judging import *
from .outbound import *
from .rating import *
from .requests import *
from .sandbox import *
from .scanning import *
from .secrets import *
from .storage import *
from .tasks import *
from .uploads import *
