/** Places where modules add to core screens from the browser side; the names are those of the specification. */

export type Contribution = (context: unknown) => unknown;
export type Place = "pos.cart.header" | "pos.line" | "pos.tender" | "pos.key";

const contributions = new Map<string, Contribution[]>();

/** Adds `render` to a place; answers the function that takes it away again. */
export function contribute(place: Place, render: Contribution): () => void {
  const list = contributions.get(place) ?? [];
  contributions.set(place, [...list, render]);
  document.dispatchEvent(new CustomEvent("lf-contributed", { detail: { place } }));
  return () => contributions.set(place, (contributions.get(place) ?? []).filter((entry) => entry !== render));
}

/** What modules put into a place; one that throws is left out and reported, the others stay (UX-22). */
export function contributed(place: Place, context: unknown): unknown[] {
  return (contributions.get(place) ?? []).map((render) => {
    try {
      return render(context);
    } catch (error) {
      console.error(`contribution to ${place} failed`, error);
      return undefined;
    }
  });
}
