// What every page of the server loads: htmx with live news, and the few behaviours HTML does not have.

import htmx from "htmx.org";
import { arranging } from "./arranging";
import { box } from "./box";
import { copying } from "./copying";
import { depending } from "./depending";
import { dialogs } from "./dialogs";
import { jumping } from "./jumping";
import { mentioning } from "./mentioning";
import { menus } from "./menus";
import { opinions } from "./opinions";
import { panel } from "./panel";
import { pictures } from "./pictures";
import { reviewing } from "./reviewing";
import { toasts } from "./toasts";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

// The extension registers itself with the global, so it is loaded after the global is there.
window.htmx = htmx;
require("htmx-ext-sse");

toasts();
menus();
dialogs();
jumping();
copying();
depending();
box();
opinions(htmx);
arranging(htmx);
reviewing();
mentioning();
pictures();
panel(htmx);
