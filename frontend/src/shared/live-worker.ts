/** SharedWorker: one event stream for all tabs of one sign-in (a browser allows six). */

import { Recent } from "./live-recent.ts";
import { type Heard, LiveSource } from "./live-source.ts";

/** A page that wants to hear: when it was asked for, and when it had been drawn. */
export interface Joining {
  address: string;
  asked: number;
  drawn: number;
}

export interface Said {
  join?: Joining;
  leave?: true;
  online?: true;
}

const scope = self as unknown as SharedWorkerGlobalScope;
const ports = new Set<MessagePort>();
let source: LiveSource | null = null;
let recent = new Recent(0);

function tellAll(heard: Heard): void {
  if (heard.type !== "state") recent.add(heard, Date.now());
  for (const port of ports) port.postMessage(heard);
}

function join(port: MessagePort, { address, asked, drawn }: Joining): void {
  ports.add(port);
  if (source) {
    const state: Heard = { type: "state", on: source.on };
    for (const heard of [state, ...recent.after(asked, Date.now())]) port.postMessage(heard);
    return;
  }
  // It goes on from where this page was drawn.
  recent = new Recent(drawn);
  source = new LiveSource(address, tellAll);
  source.start();
}

function leave(port: MessagePort): void {
  ports.delete(port);
  if (ports.size) return;
  source?.stop();
  source = null;
}

scope.onconnect = (event) => {
  const port = event.ports[0] as MessagePort;
  port.onmessage = ({ data }: MessageEvent<Said>) => {
    if (data.join) join(port, data.join);
    if (data.leave) leave(port);
    if (data.online) source?.again();
  };
};
