import { beforeEach, expect, test } from "vitest";
import { startPositions } from "../src/office/positions.ts";

startPositions();

beforeEach(() => {
  document.body.innerHTML = `<form>
    <input name="latitude" value="1"><input name="longitude" value="2">
    <button type="button" data-place data-latitude="50.7172" data-longitude="4.6075">A</button>
    <button type="button" data-place data-latitude="51" data-longitude="4"><span>B</span></button>
  </form>`;
});

const values = () =>
  [...document.querySelectorAll<HTMLInputElement>("input")].map((field) => field.value);
const pressed = () =>
  [...document.querySelectorAll("[data-place]")].map((one) => one.getAttribute("aria-pressed"));

test("a place that is chosen fills the position, tells who follows it, and is shown as chosen", () => {
  const told: string[] = [];
  for (const kind of ["input", "change"]) {
    document.querySelector("form")?.addEventListener(kind, ({ target }) => {
      told.push(`${kind} ${(target as HTMLInputElement).name}`);
    });
  }
  const [first, second] = document.querySelectorAll<HTMLElement>("button");
  first?.click();
  expect(values()).toEqual(["50.7172", "4.6075"]);
  expect(told).toEqual([
    "input latitude",
    "change latitude",
    "input longitude",
    "change longitude",
  ]);
  expect(pressed()).toEqual(["true", "false"]);
  second?.querySelector("span")?.click();
  expect(values()).toEqual(["51", "4"]);
  expect(pressed()).toEqual(["false", "true"]);
});
