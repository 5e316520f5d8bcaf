/** What the page knows before it asks: addresses, choices of the filters, the company's clock. */

import type { Linked } from "./types.ts";

export interface Settings {
  zone: string;
  language: string;
  today: string;
  urls: {
    order_by_id: string;
    replan: string;
    menu: string;
    absence: string;
    drafts: string;
    auto_plan: string;
    optimise: string;
    tomorrow: string;
  };
  teams: Linked[];
  skills: Linked[];
  areas: Linked[];
  types: Linked[];
}
