import { beforeEach, describe, expect, it } from "vitest";
import { hasLeft, keptName, startLeaving } from "../src/shared/leaving.ts";

const told = (user: string) =>
  window.dispatchEvent(new StorageEvent("storage", { key: "callout:left", newValue: user }));

describe("a page whose user signs out in another tab", () => {
  startLeaving();
  beforeEach(() => {
    window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    sessionStorage.clear();
    document.body.dataset.user = "anna";
    sessionStorage.setItem(keptName("box", "/customers/new/"), "{}");
  });

  it("keeps nothing more, and nothing that this tab alone held", () => {
    told("anna");
    expect(hasLeft()).toBe(true);
    expect(sessionStorage.length).toBe(0);
  });

  it("goes on where it was somebody else", () => {
    told("bert");
    expect(hasLeft()).toBe(false);
    expect(sessionStorage.length).toBe(1);
  });

  it("holds nothing of who left, whoever it is of by now", () => {
    document.body.dataset.user = "bert";
    told("anna");
    expect(hasLeft()).toBe(false);
    expect(sessionStorage.length).toBe(0);
  });
});
