/** Everything that the images pin, in one place. */
export const versions = {
  debian: 'bookworm',
  kafka: '4.3.1',
  slf4j: '1.7.36',
  toxiproxy: '2.12.0',
} as const
