/** The technician's app: opens what lies on this phone, then talks to the server. */

import "../styles/technician.css";
import { mount, unmount } from "svelte";
import { spriteTake } from "../shared/dom.ts";
import { chooseTheme, chosenTheme } from "../shared/theme.ts";
import { App } from "./app.svelte.ts";
import {
  attend,
  browser,
  byFetch,
  type Phone,
  PhoneError,
  phoneNow,
  Refused,
  Sender,
  signIn,
  signOutOwed,
} from "./core/index.ts";
import "./install.svelte.ts";
import First from "./pages/First.svelte";
import Screens from "./Screens.svelte";
import { When } from "./when.ts";
import { startWorker } from "./worker.ts";

const target = document.getElementById("co-app") as HTMLElement;
const { signIn: signInUrl = "", profile = "", build = "" } = target.dataset;
const circumstances = browser(build);
/** The cookie that a technician's sign-in to the office leaves for the app. */
const SIGNED_IN = "callout-signed-in";

async function show(phone: Phone, here: When): Promise<void> {
  const sender = new Sender(phone, byFetch);
  const app = new App(phone, sender, signInUrl, profile, here);
  await app.draw();
  target.replaceChildren();
  mount(Screens, { target, props: { app } });
  app.attend();
  attend(sender);
  // What is there is drawn first.
  setTimeout(spriteTake, 1000);
  await startWorker({
    isFree: () => app.isFree(),
    waits: (take) => {
      app.newVersion = take;
    },
    open: (hash) => app.router.go(hash),
  });
}

async function start(): Promise<void> {
  const opening = phoneNow(circumstances);
  // While the disk is read: the first calendar of a page takes a browser as long.
  const here = When.here();
  const phone = await opening;
  if (phone && !document.cookie.includes(SIGNED_IN)) return show(phone, here);
  // Nobody's yet, or somebody has signed in to the office since: whoever that is has this phone.
  let theirs: Phone;
  try {
    await signOutOwed(byFetch);
    theirs = await signIn(byFetch, circumstances);
  } catch (error) {
    const why = whyNot(error);
    if (why !== "offline") forgetSignIn();
    return phone ? show(phone, here) : first(why);
  }
  forgetSignIn();
  phone?.close();
  await show(theirs, here);
}

function forgetSignIn(): void {
  // biome-ignore lint/suspicious/noDocumentCookie: not every phone has a cookie store
  document.cookie = `${SIGNED_IN}=; Path=/technician/; Max-Age=0; SameSite=Strict`;
}

function whyNot(error: unknown): "start" | "offline" | "no_technician" {
  if (error instanceof PhoneError) return "offline";
  if (error instanceof Refused) return error.status === 401 ? "start" : "no_technician";
  throw error;
}

function first(why: "start" | "offline" | "no_technician"): void {
  target.replaceChildren();
  const onagain = () => {
    void unmount(shown);
    void start();
  };
  const shown = mount(First, { target, props: { why, signInUrl, onagain } });
}

// The page is the same for everybody: who chose a theme on this phone has it in a cookie.
chooseTheme(chosenTheme(document.cookie));
void start();
