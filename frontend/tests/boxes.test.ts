import { beforeEach, expect, test } from "vitest";
import { fillField, startBoxes } from "../src/office/boxes.ts";

const FORM = `
<form><input name="idempotency_key" value="the order's own">
<div data-combobox><input type="hidden" name="customer_id" data-combobox-value><input id="shown" disabled></div>
<div><div data-box><input name="box-name" form="" value="Lemair"><button type="button" data-box-save hx-post="/customers/box/">Create</button></div></div>
</form>`;

startBoxes();

beforeEach(() => {
  document.body.innerHTML = FORM;
});

function field(name: string): HTMLInputElement {
  return document.querySelector<HTMLInputElement>(`[name="${name}"]`) as HTMLInputElement;
}

test("what was made on the spot stands in its field as if it had been chosen there", () => {
  let heard = "";
  field("customer_id").addEventListener("change", () => {
    heard = field("customer_id").value;
  });
  const shown = fillField({ field: "customer_id", value: "42", name: "Atelier Lemair" });
  expect(heard).toBe("42");
  expect(shown?.value).toBe("Atelier Lemair");
  expect(shown?.disabled).toBe(false);
});

test("a field that is not there is left alone", () => {
  expect(fillField({ field: "nothing", value: "42", name: "x" })).toBeNull();
});

test("a box is sent without the fields, and the key, of the form around it", () => {
  const body = new FormData();
  body.set("idempotency_key", "the order's own");
  body.set("customer_id", "");
  body.set("box-name", "Lemair");
  const sourceElement = document.querySelector("[data-box-save]");
  const ctx = { sourceElement, request: { method: "POST", headers: {}, body } };
  document.dispatchEvent(new CustomEvent("htmx:config:request", { detail: { ctx } }));
  expect([...body.keys()]).toEqual(["box-name"]);
});

test("Enter in a box presses its own button and sends no order", () => {
  let pressed = 0;
  document.querySelector("[data-box-save]")?.addEventListener("click", () => pressed++);
  const event = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
  field("box-name").dispatchEvent(event);
  expect(pressed).toBe(1);
  expect(event.defaultPrevented).toBe(true);
});
