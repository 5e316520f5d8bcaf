import "htmx.org";
import "../styles/office.css";
import { start } from "../shared/start.ts";
import { startBoxes } from "./boxes.ts";
import { startDrop } from "./drop.ts";
import { startNewOrder } from "./new-order.ts";
import { startRowMenus } from "./row-menu.ts";
import { startSelection } from "./selection.ts";

startBoxes();
startDrop();
startNewOrder();
startRowMenus();
startSelection();
start();
