import "htmx.org";
import "../styles/technician.css";
import { start } from "../shared/start.ts";
import { startPlaces } from "./place.ts";

startPlaces();
start();
