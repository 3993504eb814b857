/** Print pages: the button prints, and `?print=1` opens the print dialog by itself. */
document.querySelector("[data-print]")?.addEventListener("click", () => print());
if (new URLSearchParams(location.search).has("print")) addEventListener("load", () => print());
