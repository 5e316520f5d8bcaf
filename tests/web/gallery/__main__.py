import os
import sys

from django.core.management import execute_from_command_line

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.web.gallery.settings"
execute_from_command_line(["gallery", "runserver", "--noreload", f"127.0.0.1:{sys.argv[1]}"])
