// What this phone keeps for raising alarms: the keys, the page as it was last seen, the presses until they are over.
const NAME = "huyuan-alarm";
const STORES = { keys: "person", pages: "name", presses: "identity" };
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.addEventListener("upgradeneeded", () => {
      for (const [store, keyPath] of Object.entries(STORES)) asked.result.createObjectStore(store, { keyPath });
    });
    asked.addEventListener("success", () => resolve(asked.result));
    asked.addEventListener("error", () => reject(asked.error));
  });
  return opened;
}

async function within(store, mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const moving = database.transaction(store, mode, { durability: "strict" });
    const asked = act(moving.objectStore(store));
    moving.addEventListener("complete", () => resolve(asked.result));
    moving.addEventListener("abort", () => reject(moving.error));
  });
}

export const get = (store, key) => within(store, "readonly", (kept) => kept.get(key));
export const all = (store) => within(store, "readonly", (kept) => kept.getAll());
export const put = (store, value) => within(store, "readwrite", (kept) => kept.put(value));
export const clear = (store) => within(store, "readwrite", (kept) => kept.clear());
