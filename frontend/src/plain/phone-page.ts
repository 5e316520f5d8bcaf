/** Pages that the server draws for who works outside only: profile, sessions, password. */

import "htmx.org";
import "../styles/technician.css";
import "../styles/week.css";
import { start } from "../shared/start.ts";
import { startWeek } from "../shared/week.ts";

startWeek();
start();
