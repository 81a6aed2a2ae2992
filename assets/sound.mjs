// Sound: P0 and P1 until somebody acknowledges them, others once; muted only until a stated time.

const MUTE_MS = 10 * 60_000;
const EVERY_MS = { P0: 4000, P1: 15_000 };
const TONES = { P0: [[880, 0], [660, 0.22], [880, 0.44]], P1: [[660, 0], [660, 0.3]], once: [[520, 0]] };
const SILENCE = "/assets/silence.wav";

/** What sounds for these alerts: P0, P1 or once; null for none. An exercise is shown and never sounds. */
export function loudest(alerts) {
  const real = [...alerts].filter((alert) => !alert.exercise);
  return ["P0", "P1"].find((level) => real.some((alert) => alert.priority === level)) ?? (real.length ? "once" : null);
}

/** Plays the signals through the browser's own synthesiser. */
export class Sound {
  constructor(now) {
    this.now = now;
    this.mutedUntil = 0;
    this.known = new Set();
    this.level = null;
    this.playedAt = 0;
    // A wall's browser may be started so that it sounds without a touch; only trying tells, and a refused try says nothing.
    new Audio(SILENCE).play().then(() => { this.allowed = true; }, () => {});
  }

  /** Mute for ten minutes, or unmute. Where nothing could sound yet, the press itself is what lets it. */
  toggleMute() {
    if (this.toldBlocked) return this.tick();
    this.mutedUntil = this.muted ? 0 : this.now() + MUTE_MS;
    return this.tick();
  }

  get muted() {
    return this.now() < this.mutedUntil;
  }

  /** How it stands, as the page shows it: on, muted, or blocked by the browser until somebody touches the page. */
  get standing() {
    this.toldBlocked = !this.allowed && !navigator.userActivation?.hasBeenActive;
    if (this.muted) return "muted";
    return this.toldBlocked ? "blocked" : "on";
  }

  /** Take the alerts: a new one sounds at once, P0 and P1 again and again until they are gone. */
  hear(alerts) {
    const list = [...alerts].filter((alert) => !alert.exercise);
    const fresh = list.some((alert) => !this.known.has(`${alert.id} ${alert.step}`));
    this.known = new Set(list.map((alert) => `${alert.id} ${alert.step}`));
    this.level = loudest(list);
    if (fresh) this.play(this.level);
    this.tick();
  }

  /** Once a second. */
  tick() {
    if (this.now() - this.playedAt >= EVERY_MS[this.level]) this.play(this.level);
  }

  play(level) {
    if (this.muted) return;
    this.playedAt = this.now();
    // Before anybody touched the page a browser lets nothing sound, and says so on its console: do not try.
    if (!this.allowed && !navigator.userActivation?.hasBeenActive) return;
    this.context ??= new AudioContext();
    for (const [pitch, after] of TONES[level]) this.tone(pitch, this.context.currentTime + after);
  }

  tone(pitch, at) {
    const tone = this.context.createOscillator();
    const volume = this.context.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.18, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
    tone.connect(volume).connect(this.context.destination);
    tone.start(at);
    tone.stop(at + 0.22);
  }
}
