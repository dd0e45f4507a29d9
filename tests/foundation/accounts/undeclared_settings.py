"""The real settings with the faulty site."""

import silon.settings

globals().update({name: value for name, value in vars(silon.settings).items() if name.isupper()})
ROOT_URLCONF = "tests.foundation.accounts.undeclared"
