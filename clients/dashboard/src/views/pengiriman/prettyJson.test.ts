import { describe, expect, it } from 'vitest';

import { prettyJson } from './prettyJson';

describe('JSON as it is shown', () => {
  it('has a line for each value', () => {
    expect(prettyJson('{"a":[1,2],"b":{}, "c" : [ ]}')).toBe(
      '{\n  "a": [\n    1,\n    2\n  ],\n  "b": {},\n  "c": []\n}',
    );
  });

  it('keeps numbers as they were written', () => {
    expect(prettyJson('{"n":12345678901234567890.10,"e":1.0E+2}')).toBe(
      '{\n  "n": 12345678901234567890.10,\n  "e": 1.0E+2\n}',
    );
  });

  it('keeps strings as they were written, whatever is in them', () => {
    const text = '{"s":"a, b: {\\"c\\"} \\\\","t":"\\u0041 [x]"}';
    expect(prettyJson(text)).toBe('{\n  "s": "a, b: {\\"c\\"} \\\\",\n  "t": "\\u0041 [x]"\n}');
  });

  it('says the same as before', () => {
    const value = { a: [{ b: null, c: [true, -1.5e-7, '}{][,:"\\'] }, []], d: {} };
    expect(JSON.parse(prettyJson(JSON.stringify(value)) ?? '')).toEqual(value);
  });

  it('is nothing for what is no JSON, or was cut', () => {
    for (const text of ['', '<html>', 'a=b&c=d', '{"a":', '42', '"x"']) expect(prettyJson(text)).toBeUndefined();
  });
});
