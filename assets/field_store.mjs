// What the phone keeps by itself: the queue of deeds, the tasks last seen, positions not yet told. IndexedDB, or memory where there is none.

const NAME = "onenet-field";
const SHELVES = ["queue", "kept"];

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

function open() {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("queue", { keyPath: "n", autoIncrement: true });
    asked.result.createObjectStore("kept", { keyPath: "name" });
  };
  return done(asked);
}

/** Two shelves in IndexedDB. */
class Database {
  constructor(base) {
    this.base = base;
    this.lasting = true;
  }

  shelf(name, mode) {
    // Strict: what a crew pressed is on the disk before the page says that it is kept.
    return this.base.transaction(name, mode, { durability: "strict" }).objectStore(name);
  }

  all(name) { return done(this.shelf(name, "readonly").getAll()); }
  get(name, key) { return done(this.shelf(name, "readonly").get(key)); }
  async put(name, value) {
    const shelf = this.shelf(name, "readwrite");
    const key = await done(shelf.put(value));
    await new Promise((resolve, reject) => {
      shelf.transaction.oncomplete = resolve;
      shelf.transaction.onerror = () => reject(shelf.transaction.error);
      shelf.transaction.onabort = () => reject(shelf.transaction.error);
    });
    return key;
  }
  remove(name, key) { return done(this.shelf(name, "readwrite").delete(key)); }
  clear(name) { return done(this.shelf(name, "readwrite").clear()); }
}

/** The same in memory, for browsers that keep nothing (private windows): the page says so. */
export class Memory {
  constructor() {
    this.shelves = Object.fromEntries(SHELVES.map((name) => [name, new Map()]));
    this.n = 0;
    this.lasting = false;
  }

  async all(name) { return [...this.shelves[name].values()]; }
  async get(name, key) { return this.shelves[name].get(key); }
  async put(name, value) {
    const key = name === "queue" ? (value.n ??= (this.n += 1)) : value.name;
    this.shelves[name].set(key, value);
    return key;
  }
  async remove(name, key) { this.shelves[name].delete(key); }
  async clear(name) { this.shelves[name].clear(); }
}

/** Open what this browser has. */
export async function openStore() {
  try {
    return new Database(await open());
  } catch {
    return new Memory();
  }
}
