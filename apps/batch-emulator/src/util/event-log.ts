import { formatTime, type Micros } from './time';

const KEPT = 200;

interface Entry {
  time: Micros;
  text: string;
}

/** The last things that happened to something. */
export class EventLog {
  private entries: Entry[] = [];

  add(time: Micros, text: string): void {
    this.entries.push({ time, text });
    if (this.entries.length > KEPT) this.entries.shift();
  }

  /** One line each; empty when nothing happened in the period. */
  lines(from: Micros, to: Micros): string {
    const inside = this.entries.filter(({ time }) => time >= from && time <= to);
    return inside.map(({ time, text }) => `${formatTime(time)} ${text}\n`).join('');
  }
}
