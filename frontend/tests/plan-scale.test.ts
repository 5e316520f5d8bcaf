import { describe, expect, it } from "vitest";
import { Clock, dateWords, dayAfter, HOUR, lengthWords, QUARTER } from "../src/shared/clock.ts";
import { FOLD, hoursOf, scaleOf } from "../src/planning/scale.ts";

const clock = new Clock("Europe/Brussels", "en");
const at = (iso: string) => Date.parse(iso);
const WORK = { from: 7 * 60, until: 18 * 60 };

describe("the company's clock", () => {
  it("reads a moment in its own zone, in summer and in winter", () => {
    expect(clock.time(at("2026-07-01T08:00Z"))).toBe("10:00");
    expect(clock.time(at("2026-11-24T08:00Z"))).toBe("09:00");
    expect(clock.dayOf(at("2026-11-24T23:30Z"))).toBe("2026-11-25");
  });

  it("finds the moment of an hour on either side of a change", () => {
    expect(clock.moment("2026-10-25", 10 * 60)).toBe(at("2026-10-25T09:00Z"));
    expect(clock.moment("2027-03-28", 10 * 60)).toBe(at("2027-03-28T08:00Z"));
    expect(clock.moment("2026-10-24", 10 * 60)).toBe(at("2026-10-24T08:00Z"));
  });

  it("takes the first of an hour that comes twice, and goes on after one that is skipped", () => {
    expect(clock.moment("2026-10-25", 2 * 60 + 30)).toBe(at("2026-10-25T00:30Z"));
    expect(clock.time(clock.moment("2027-03-28", 2 * 60 + 30))).toBe("03:30");
  });

  it("has days of 25 and 23 hours", () => {
    const length = (day: string) => clock.moment(dayAfter(day, 1), 0) - clock.moment(day, 0);
    expect(length("2026-10-25")).toBe(25 * HOUR);
    expect(length("2027-03-28")).toBe(23 * HOUR);
    expect(length("2026-11-24")).toBe(24 * HOUR);
  });

  it("snaps to its own quarters, where the zone is not a whole hour away too", () => {
    expect(clock.snap(at("2026-11-24T08:07Z"))).toBe(at("2026-11-24T08:00Z"));
    expect(clock.snap(at("2026-11-24T08:08Z"))).toBe(at("2026-11-24T08:15Z"));
    const kathmandu = new Clock("Asia/Kathmandu", "en");
    expect(kathmandu.time(kathmandu.snap(at("2026-11-24T08:08Z")))).toBe("14:00");
  });

  it("says dates without moving them, and lengths as people do", () => {
    expect(dateWords("2026-11-24", "en")).toContain("24");
    expect(lengthWords(90)).toBe("1 h 30");
    expect(lengthWords(60)).toBe("1 h");
    expect(lengthWords(45)).toBe("45 min");
  });
});

describe("the hours of a page", () => {
  it("are a working day at least", () => {
    expect(hoursOf(clock, [])).toEqual(WORK);
  });

  it("hold the earliest and the latest, on whole hours", () => {
    const spans: [number, number][] = [
      [at("2026-11-24T05:20Z"), at("2026-11-24T08:00Z")],
      [at("2026-11-24T16:00Z"), at("2026-11-24T18:40Z")],
    ];
    expect(hoursOf(clock, spans)).toEqual({ from: 6 * 60, until: 20 * 60 });
  });

  it("are the whole day where something goes past midnight", () => {
    const night: [number, number] = [at("2026-11-24T21:00Z"), at("2026-11-25T01:00Z")];
    expect(hoursOf(clock, [night])).toEqual({ from: 0, until: 24 * 60 });
  });

  it("end at midnight without needing the night after", () => {
    const late: [number, number] = [at("2026-11-24T20:00Z"), at("2026-11-24T23:00Z")];
    expect(hoursOf(clock, [late])).toEqual({ from: 7 * 60, until: 24 * 60 });
  });
});

describe("the scale of a day", () => {
  const scale = scaleOf(clock, "2026-11-24", 1, WORK, 1100);

  it("fills the place with its hours, and goes on before and after them", () => {
    expect(
      scale.x(clock.moment("2026-11-24", 8 * 60)) - scale.x(clock.moment("2026-11-24", 7 * 60)),
    ).toBe(100);
    expect(scale.width).toBe(2400);
    expect(scale.x(scale.start)).toBe(0);
    expect(scale.x(scale.end)).toBe(2400);
  });

  it("gives back the time of a place", () => {
    const start = at("2026-11-24T09:45Z");
    expect(scale.at(scale.x(start))).toBe(start);
    expect(scale.quarter(scale.x(start) + 3)).toBe(start);
    expect(scale.quarter(-50)).toBe(scale.start);
    expect(scale.quarter(99_999)).toBe(scale.end - QUARTER);
  });

  it.each([
    ["2026-10-25", 25],
    ["2027-03-28", 23],
  ])("of %s has %d hours, each as wide as any other", (day, hours) => {
    const changing = scaleOf(clock, day, 1, WORK, 1100);
    expect(changing.width).toBeCloseTo(hours * 100);
    const ten = clock.moment(day, 10 * 60);
    expect(clock.time(changing.at(changing.x(ten)))).toBe("10:00");
    expect(changing.x(clock.moment(day, 11 * 60)) - changing.x(ten)).toBeCloseTo(100);
    expect(changing.ticks().filter((tick) => tick.hour === "10:00")).toHaveLength(1);
    expect(changing.ticks()).toHaveLength(hours);
  });
});

describe("the scale of several days", () => {
  const scale = scaleOf(clock, "2026-10-24", 3, WORK, 1500);

  it("folds the nights and keeps the hours of each day", () => {
    expect(scale.days.map((day) => clock.time(day.start))).toEqual(["07:00", "07:00", "07:00"]);
    expect(scale.days.map((day) => clock.time(day.end))).toEqual(["18:00", "18:00", "18:00"]);
    const [first, second] = scale.days;
    expect(second?.x).toBeCloseTo((first?.width ?? 0) + FOLD);
  });

  it("puts what is in the night at its edge", () => {
    const [first, second] = scale.days;
    expect(scale.x(at("2026-10-24T22:00Z"))).toBeCloseTo(first?.width ?? 0);
    expect(scale.at((second?.x ?? 0) + 1)).toBeGreaterThan(second?.start ?? 0);
    expect(scale.at((second?.x ?? 0) - 1)).toBe(second?.start);
  });

  it("walks from the evening into the next morning and back", () => {
    const [first, second] = scale.days;
    const evening = (first?.end ?? 0) - QUARTER;
    expect(scale.shifted(evening, 1)).toBe(second?.start);
    expect(scale.shifted(second?.start ?? 0, -1)).toBe(evening);
    expect(scale.shifted(scale.end - QUARTER, 1)).toBe(scale.end - QUARTER);
    expect(scale.shifted(scale.start, -1)).toBe(scale.start);
  });

  it("is wider than its place rather than unreadable", () => {
    expect(scaleOf(clock, "2026-11-23", 7, WORK, 800).width).toBeGreaterThan(1900);
  });
});
