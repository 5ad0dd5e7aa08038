// How values are shown: money, quantities, days and the words for what the API names in capitals.

const formats = new Map();

/** An amount with its currency, such as €106.50: at least the currency's own digits, and all that the API gives. */
export function money({ amount, currencyCode }) {
  const digits = amount.split(".")[1]?.length ?? 0;
  const key = `${currencyCode} ${digits}`;
  if (!formats.has(key)) {
    const plain = new Intl.NumberFormat(undefined, { style: "currency", currency: currencyCode });
    const { maximumFractionDigits: usual } = plain.resolvedOptions();
    const wide = { style: "currency", currency: currencyCode, maximumFractionDigits: digits };
    formats.set(key, digits > usual ? new Intl.NumberFormat(undefined, wide) : plain);
  }
  return formats.get(key).format(amount);
}

/** A decimal without zeros that say nothing: 2.000000 is 2. */
export const quantity = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/** A count as the API gives it: capped ones with a plus. */
export const count = ({ value, exact }) => value.toLocaleString() + (exact ? "" : "+");

const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const dayOnly = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

/** An instant in the reader's own time zone. */
export const instant = (text) => dayAndTime.format(new Date(text));

/** A day, which belongs to no time zone. */
export const day = (text) => dayOnly.format(new Date(`${text}T00:00:00Z`));

/** How long ago, in one short word: now, 5 min, 3 h, 2 d. */
export function age(text, now = Date.now()) {
  const minutes = Math.floor((now - new Date(text)) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
}

/** PARTIALLY_SHIPPED as people write it: Partially shipped. */
export const words = (name) => capitalize(name.replaceAll("_", " ").toLowerCase());

/** InvoiceIssued or shipmentSetTracking as people write it: Invoice issued, Shipment set tracking. */
export const sentence = (name) => capitalize(name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase());

const capitalize = (text) => text.charAt(0).toUpperCase() + text.slice(1);
