declare function require(name: string): unknown;
