// Passkeys: puts the server's question to the browser, and the answer into the form that asked. Where there are none, nothing of it shows.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const PROBLEMS = {
  InvalidStateError: "This device has a passkey of your account already.",
  NotAllowedError: "It was broken off, or no passkey fits. Try again.",
  SecurityError: "Passkeys work only at the site’s own address. Open it there.",
};
// A question that was broken off may be put once more: whoever it is has been asked already, and a code is good once.
const waiting = new WeakMap();

class Told extends Error {}

async function question(address, fields) {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields), headers: { Accept: "application/json" } }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (!said?.publicKey) throw new Told(said?.problem ?? "The server did not answer. Load the page again.");
  return said.publicKey;
}

async function answered(how, asked) {
  const named = (one) => ({ ...one, id: bytes(one.id) });
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    excludeCredentials: asked.excludeCredentials?.map(named),
    allowCredentials: asked.allowCredentials?.map(named),
    user: asked.user && named(asked.user),
  };
  const { id, rawId, type, response } = await navigator.credentials[how]({ publicKey });
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) said[name] = text(response[name]);
  }
  if (how === "create") {
    delete said.authenticatorData;
    said.transports = response.getTransports?.() ?? [];
  }
  return JSON.stringify({ id, rawId: text(rawId), type, response: said });
}

async function ask(place, button, how, asking) {
  const problem = place.querySelector(":scope > [role=alert]");
  problem.textContent = "";
  button.disabled = true;
  try {
    const kept = waiting.get(place);
    const asked = kept && Date.now() - kept.at < 200_000 ? kept.asked : await asking();
    waiting.set(place, { asked, at: kept?.asked === asked ? kept.at : Date.now() });
    const answer = await answered(how, asked);
    waiting.delete(place);
    return answer;
  } catch (error) {
    problem.textContent = error instanceof Told ? error.message : (PROBLEMS[error.name] ?? "The browser could not do it. Try again.");
    return null;
  } finally {
    button.disabled = false;
    if (problem.textContent) button.focus();
  }
}

async function send(form) {
  const answer = await ask(form, form.querySelector("[type=submit]"), form.dataset.passkey, () => question(form.dataset.passkeyQuestion, new FormData(form)));
  if (!answer) return;
  form.elements.passkey.value = answer;
  form.submit();
}

async function confirm(place) {
  const { form } = place.closest("fieldset");
  const fields = { csrf_token: form.elements.csrf_token.value };
  const answer = await ask(place, place.querySelector("button"), "get", () => question(place.dataset.passkeyInstead, fields));
  if (!answer) return;
  form.elements.your_passkey.value = answer;
  for (const field of place.parentElement.querySelectorAll(":scope > .field")) {
    field.hidden = true;
    field.querySelector("input").disabled = true;
  }
  place.querySelector("button").hidden = true;
  place.querySelector("[role=status]").textContent = "Your passkey has answered for you. It counts for the next few minutes, once.";
  form.querySelector("[type=submit]").focus();
}

if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkey], [data-passkey-instead], [data-passkey-only]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-passkey-missing]")) part.hidden = true;
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-passkey]")) return;
    event.preventDefault();
    send(event.target);
  });
  document.addEventListener("click", (event) => {
    const place = event.target.closest("[data-passkey-instead] > button")?.parentElement;
    if (place) confirm(place);
  });
}
