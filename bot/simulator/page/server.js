/* The control interface. */

async function read(response) {
  const value = await response.json();
  if (!response.ok) throw new Error(value.error ?? response.statusText);
  return value;
}

export const get = async (path) => read(await fetch(path));
export const clear = async (path) => read(await fetch(path, { method: "DELETE" }));
export const save = (path) => { location.href = path; };
export const post = async (path, body) => read(await fetch(path, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
}));
