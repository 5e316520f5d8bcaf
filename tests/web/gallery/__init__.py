"""Every part of the screens with fixed data, to be looked at and measured; shipped to nobody.

`python -m tests.web.gallery 8123` serves it on 127.0.0.1.
"""
