import "htmx.org";
import "../styles/technician.css";
import { start } from "../shared/start.ts";

start();
