// data-picture saves the drawing of its part of the page, [data-name], as a PNG. Where it names an address, that is told first who takes it.

import { toast } from "./toasts";

const DRAWINGS = ".chart-place svg, svg.split, .dots svg, svg[data-drawing]";
const LOOKS = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight", "text-anchor"];

// A picture has no page around it: what the page's styles say is written into a copy.
function alone(drawing: SVGSVGElement, width: number, height: number): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const copies = [copy, ...copy.querySelectorAll<SVGElement>("*")];
  [drawing, ...drawing.querySelectorAll<SVGElement>("*")].forEach((one, at) => {
    const looks = getComputedStyle(one);
    for (const name of LOOKS) copies[at]?.style.setProperty(name, looks.getPropertyValue(name));
  });
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  return new XMLSerializer().serializeToString(copy);
}

function save(part: HTMLElement, drawing: SVGSVGElement): void {
  const { width, height } = drawing.getBoundingClientRect();
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = width * 2;
    canvas.height = height * 2;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--hy-surface").trim();
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(2, 2);
    context.drawImage(image, 0, 0, width, height);
    const link = document.createElement("a");
    link.download = `${part.dataset["name"] ?? "huiyin"}.png`;
    link.href = canvas.toDataURL("image/png");
    link.click();
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(alone(drawing, width, height))}`;
}

async function told(address: string): Promise<boolean> {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
  try {
    return (await fetch(address, { method: "POST", headers })).ok;
  } catch {
    return false;
  }
}

export function pictures(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest<HTMLElement>("[data-picture]");
    const part = button && button.closest<HTMLElement>("[data-name]");
    const drawing = part && part.querySelector<SVGSVGElement>(DRAWINGS);
    if (!drawing) return;
    const address = button.dataset["picture"];
    if (!address) save(part, drawing);
    else
      void told(address).then((granted) => {
        if (granted) save(part, drawing);
        else toast(document.getElementById("toasts")?.dataset["refused"] ?? "", "", true);
      });
  });
}
