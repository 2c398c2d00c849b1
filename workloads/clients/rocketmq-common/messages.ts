/** Error messages that all RocketMQ clients share. */
export const emptyAckedWhen = 'workload.ackedWhen is empty: list at least one status, such as SEND_OK'
