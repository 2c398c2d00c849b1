/** Whether results on standard output may be coloured. */
export const wantsColour = (): boolean => process.stdout.isTTY && !process.env['NO_COLOR']
