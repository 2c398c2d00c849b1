/** Recorded from a broker of Kafka 4.3.1 for tests: four batches of a segment around an election, and its epochs. */

export const firstOffset = 134

export const recordedSegment = Buffer.from(
  [
    'AAAAAAAAAIYAAACeAAAAAAKcNZihAAAAAAAAAAABohVqlDkAAAGiFWqUOf//////////AAAAAAAAAAAAAdYBAAAAAcgBTFAxIGQyNGJhYzcwIGFja3MtMSAx',
    'MzQgLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLgAAAAAAAAAAhwAA',
    'AJ4AAAAAAsISYQ4AAAAAAAAAAAGiFWqUQwAAAaIVapRD//////////8AAAAAAAAAAAAB1gEAAAAByAFMUDEgMmZlOGJhNTUgYWNrcy0xIDEzNSAuLi4uLi4u',
    'Li4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uAAAAAAAAAACIAAAAngAAAAECN4DZ',
    'XgAAAAAAAAAAAaIVarBTAAABohVqsFP//////////wAAAAAAAAAAAAHWAQAAAAHIAUxQMSBlNTQ1YWM2MCBhY2tzLTEgNzY4IC4uLi4uLi4uLi4uLi4uLi4u',
    'Li4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4AAAAAAAAAAIkAAACeAAAAAQLMsOwuAAAAAAAAAAAB',
    'ohVqsF0AAAGiFWqwXf//////////AAAAAAAAAAAAAdYBAAAAAcgBTFAxIDE4ZTZiYTQ1IGFja3MtMSA3NjkgLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4u',
    'Li4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLgA=',
  ].join(''),
  'base64',
)

export const recordedEpochs = '0\n2\n0 0\n1 136\n'
