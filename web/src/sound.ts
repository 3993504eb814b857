/** Short tones for the register: hearing is faster than looking while the hands scan. */

const TONES = { added: [880], unknown: [220, 180], complete: [660, 990], refused: [180] } as const;
const NOTE_SECONDS = 0.07;
let context: AudioContext | undefined;

/** Plays a tone; silent when the page has no sound yet (browsers wait for the first key or tap) or it is off. */
export function sound(name: keyof typeof TONES): void {
  if (document.documentElement.dataset["sound"] === "off" || !("AudioContext" in globalThis)) return;
  if (!navigator.userActivation?.hasBeenActive) return;
  context ??= new AudioContext();
  TONES[name].forEach((pitch, index) => play(context as AudioContext, pitch, index * NOTE_SECONDS));
}

function play(audio: AudioContext, pitch: number, delay: number): void {
  const start = audio.currentTime + delay;
  const gain = new GainNode(audio, { gain: 0.06 });
  const tone = new OscillatorNode(audio, { frequency: pitch, type: "triangle" });
  gain.gain.setTargetAtTime(0, start + NOTE_SECONDS * 0.6, 0.015);
  tone.connect(gain).connect(audio.destination);
  tone.start(start);
  tone.stop(start + NOTE_SECONDS * 1.6);
}
