/** Names and the dense numbers they got in order of appearance. */
export class NameTable {
  private readonly numbers = new Map<string, number>();
  private readonly names: string[] = [];

  get size(): number {
    return this.names.length;
  }

  find(name: string): number | undefined {
    return this.numbers.get(name);
  }

  numberOf(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const number = this.names.length;
    this.numbers.set(name, number);
    this.names.push(name);
    return number;
  }

  nameOf(number: number): string {
    const name = this.names[number];
    if (name === undefined) throw new RangeError(`no name has number ${number}`);
    return name;
  }

  between(first: number, end = this.names.length): readonly string[] {
    return this.names.slice(first, end);
  }
}
