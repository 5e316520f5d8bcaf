import { beforeEach, describe, expect, it } from "vitest";
import {
  comesLate,
  draftKey,
  readValues,
  typed,
  wasTaken,
  writeValues,
} from "../src/shared/drafts.ts";

const MARKUP = `<form data-draft="new-order">
  <input type="hidden" name="csrfmiddlewaretoken" value="secret">
  <input type="hidden" name="version" value="3">
  <input type="password" name="password" value="hush">
  <input name="reference" value="">
  <textarea name="description"></textarea>
  <input type="radio" name="priority" value="low"><input type="radio" name="priority" value="high" checked>
  <div data-combobox><input type="hidden" name="customer_id" data-combobox-value value="">
    <input role="combobox" value=""></div></form>`;

function form(): HTMLFormElement {
  document.body.innerHTML = MARKUP;
  return document.querySelector("form") as HTMLFormElement;
}

beforeEach(() => {
  document.body.dataset.user = "els";
});

describe("a draft", () => {
  it("holds what people typed and nothing that is the server's or secret", () => {
    expect(readValues(form())).toEqual({
      reference: [""],
      description: [""],
      priority: ["high"],
      customer_id: [""],
      "customer_id~text": [""],
    });
  });

  it("comes back field by field, a chosen customer with its name", () => {
    const values = readValues(form());
    values.description = ["No heating"];
    values.priority = ["low"];
    values.customer_id = ["7"];
    values["customer_id~text"] = ["Lemaire"];
    const fresh = form();
    expect(writeValues(fresh, values)).toBe(true);
    expect(readValues(fresh)).toEqual(values);
  });

  it("says that nothing came back where nothing differs", () => {
    const fresh = form();
    expect(writeValues(fresh, readValues(fresh))).toBe(false);
  });

  it("gives back what was typed, not what others have changed since", () => {
    const given = readValues(form());
    const values = { ...given, reference: ["PO 7"], more: ["b"] };
    expect(typed({ values, given })).toEqual({ reference: ["PO 7"], more: ["b"] });
    expect(typed({ values })).toEqual(values); // kept before it was known what had been typed
  });

  it("belongs to one user", () => {
    const mine = draftKey(form());
    document.body.dataset.user = "jan";
    expect(draftKey(form())).not.toBe(mine);
  });

  it("of a form that did not ask for it holds written words only", () => {
    document.body.innerHTML = `<form><textarea name="note">Gate closed</textarea>
      <input type="datetime-local" name="at" value="2026-11-24T10:00"><select name="who"></select>
      <input type="radio" name="why" value="1" checked></form>`;
    expect(readValues(document.querySelector("form") as HTMLFormElement)).toEqual({
      note: ["Gate closed"],
    });
  });

  it("was taken where the form comes back empty, not where it comes back as it was", () => {
    expect(wasTaken({ text: ["Called"], kind: ["call"] }, { text: [""], kind: ["call"] })).toBe(
      true,
    );
    expect(wasTaken({ text: ["Called"] }, { text: ["Called"] })).toBe(false);
    expect(wasTaken({ text: ["Called"] }, { start: [""] })).toBe(false);
  });

  it("waits for a list that the server sends later, and ticks in it what was ticked", () => {
    const whole = form();
    const list = `<label><input type="checkbox" name="more" value="a"></label>
      <label><input type="checkbox" name="more" value="b"></label>`;
    const values = { ...readValues(whole), more: ["b"] };
    const late = comesLate(whole, values);
    expect(late).toEqual({ more: ["b"] });
    whole.insertAdjacentHTML("beforeend", list);
    expect(writeValues(whole, late)).toBe(true);
    expect(readValues(whole).more).toEqual(["b"]);
  });
});
