import "htmx.org";
import "../styles/office.css";
import { start } from "../shared/start.ts";
import { startSelection } from "./selection.ts";

startSelection();
start();
