import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Combobox } from "../src/shared/combobox.ts";
import { fold, pieces } from "../src/shared/match.ts";

describe("matching", () => {
  it("finds without accents and keeps the text as written", () => {
    expect(pieces("École Lemaire", "ecole mair")).toEqual([
      { text: "École", hit: true },
      { text: " Le", hit: false },
      { text: "mair", hit: true },
      { text: "e", hit: false },
    ]);
  });

  it("keeps places where one letter folds into two", () => {
    expect(fold("Straße Œuvre")).toHaveLength("Straße Œuvre".length);
  });
});

const ITEMS = [
  { id: "1", name: "Boulangerie Lemaire", detail: "Wavre" },
  { id: "2", name: "Transports Lemaire", detail: "Gembloux" },
];
let asked: string[] = [];

function mount(extra = ""): { input: HTMLInputElement; value: HTMLInputElement } {
  document.body.innerHTML = `<form><input name="site_of" value="9">
    <div data-combobox data-url="/find" ${extra}><input type="hidden" name="customer_id" data-combobox-value>
    <div><input id="c"><button type="button" data-combobox-clear hidden>x</button></div></div></form>`;
  new Combobox(document.querySelector("[data-combobox]") as HTMLElement);
  const input = document.getElementById("c") as HTMLInputElement;
  const value = document.querySelector("[data-combobox-value]") as HTMLInputElement;
  return { input, value };
}

async function type(input: HTMLInputElement, words: string): Promise<void> {
  input.focus();
  input.value = words;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await vi.advanceTimersByTimeAsync(200);
}

const press = (input: HTMLElement, key: string, more = {}) =>
  input.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
  );
const options = () => [...document.querySelectorAll<HTMLElement>("[role=option]")];

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  vi.stubGlobal("fetch", async (address: URL) => {
    asked.push(`${address.pathname}${address.search}`);
    return new Response(JSON.stringify({ items: ITEMS }), {
      headers: { "Content-Type": "application/json" },
    });
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("the combobox", () => {
  it("searches once for what was typed last and shows what it found, marked", async () => {
    const { input } = mount();
    input.focus();
    input.value = "l";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await type(input, "lem");
    expect(asked).toEqual(["/find?q=lem"]);
    expect(options().map((option) => option.dataset.name)).toEqual(ITEMS.map(({ name }) => name));
    expect(document.querySelector("mark")?.textContent).toBe("Lem");
    expect(input.getAttribute("aria-expanded")).toBe("true");
    expect(input.getAttribute("aria-activedescendant")).toBe(options()[0]?.id);
  });

  it("chooses by arrows and Enter, and says so to the form", async () => {
    const { input, value } = mount();
    const heard = vi.fn();
    document.querySelector("form")?.addEventListener("change", heard);
    await type(input, "lem");
    press(input, "ArrowDown");
    press(input, "Enter");
    expect([value.value, input.value]).toEqual(["2", "Transports Lemaire"]);
    expect(heard).toHaveBeenCalledOnce();
    expect(input.getAttribute("aria-expanded")).toBe("false");
  });

  it("takes away what was asked for under the field once it is answered", async () => {
    const { input } = mount();
    document.body.insertAdjacentHTML("beforeend", '<span id="c-error">Choose one</span>');
    await type(input, "lem");
    expect(document.getElementById("c-error")).not.toBeNull();
    press(input, "Enter");
    expect(document.getElementById("c-error")).toBeNull();
  });

  it("forgets the choice as soon as its text is changed", async () => {
    const { input, value } = mount();
    await type(input, "lem");
    press(input, "Enter");
    await type(input, "Boulangerie L");
    expect(value.value).toBe("");
  });

  it("closes by Escape without closing what lies around it", async () => {
    const { input } = mount();
    await type(input, "lem");
    const outside = vi.fn();
    document.addEventListener("keydown", outside);
    press(input, "Escape");
    expect(input.getAttribute("aria-expanded")).toBe("false");
    expect(outside).not.toHaveBeenCalled();
  });

  it("sends along what it depends on and waits until that is there", async () => {
    const { input } = mount('data-depends="site_of" data-needs="Choose the site first"');
    await type(input, "lem");
    expect(asked).toEqual(["/find?q=lem&site_of=9"]);
    const field = document.querySelector<HTMLInputElement>("[name=site_of]") as HTMLInputElement;
    field.value = "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
    expect([input.disabled, input.placeholder]).toEqual([true, "Choose the site first"]);
  });

  it("offers to create what was typed, last in the list", async () => {
    const { input } = mount('data-create="/new" data-create-label="Create “%(text)s”"');
    await type(input, "lem");
    expect(options().at(-1)?.textContent).toContain("Create “lem”");
  });

  it("clears by its button", async () => {
    const { input, value } = mount();
    await type(input, "lem");
    press(input, "Enter");
    const clear = document.querySelector<HTMLButtonElement>("[data-combobox-clear]");
    expect(clear?.hidden).toBe(false);
    clear?.click();
    expect([value.value, input.value, clear?.hidden]).toEqual(["", "", true]);
  });
});
