/** What moves on the planning screen: an order of the pile, or a visit of a row. */

import type { PileItem, Visit } from "./types.ts";

/** What was picked up: an order of the pile, or a visit of a row. */
export interface Subject {
  order_id: string;
  version: number;
  number: string;
  customer: string;
  town: string;
  priority: string;
  minutes: number;
  visit_id: string | null;
  technician_id: string | null;
  start: string | null;
}

export function subjectOfItem(item: PileItem): Subject {
  return {
    order_id: item.id,
    version: item.version,
    number: item.number,
    customer: item.customer,
    town: item.town,
    priority: item.priority,
    minutes: item.duration_minutes,
    visit_id: null,
    technician_id: null,
    start: null,
  };
}

export function subjectOfVisit(visit: Visit, technicianId: string): Subject {
  return {
    order_id: visit.service_order_id,
    version: visit.version,
    number: visit.number,
    customer: visit.customer,
    town: visit.town,
    priority: visit.priority,
    minutes: Math.round((Date.parse(visit.end) - Date.parse(visit.start)) / 60_000),
    visit_id: visit.visit_id,
    technician_id: technicianId,
    start: visit.start,
  };
}
