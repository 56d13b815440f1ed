/**
 * The schema of the tables, step by step: step n brings version n - 1 to version n. What has shipped is never changed,
 * only followed by another step. Times are in UTC; `number` grows in the order of commits and is never given twice.
 */
export const migrations: readonly string[] = [
  `CREATE SEQUENCE detection_number;
   CREATE TABLE detections (
     number BIGINT NOT NULL,
     time TIMESTAMP NOT NULL,
     module VARCHAR,
     statement VARCHAR NOT NULL,
     detection JSON NOT NULL
   );
   CREATE SEQUENCE event_number;
   CREATE TABLE events (
     number BIGINT NOT NULL,
     time TIMESTAMP NOT NULL,
     type VARCHAR NOT NULL,
     "start" TIMESTAMP,
     "end" TIMESTAMP,
     severity VARCHAR,
     confidence UTINYINT,
     rule VARCHAR,
     sources VARCHAR[] NOT NULL,
     targets VARCHAR[] NOT NULL,
     flow_count UINTEGER NOT NULL,
     event JSON NOT NULL,
     flows JSON
   );
   CREATE SEQUENCE message_number;
   CREATE TABLE messages (
     number BIGINT NOT NULL,
     time TIMESTAMP NOT NULL,
     direction VARCHAR NOT NULL,
     partner VARCHAR NOT NULL,
     sender VARCHAR NOT NULL,
     id VARCHAR NOT NULL,
     kind VARCHAR NOT NULL,
     created TIMESTAMP NOT NULL,
     event_type VARCHAR NOT NULL,
     rule VARCHAR,
     outcome VARCHAR,
     language VARCHAR NOT NULL,
     bytes BLOB NOT NULL
   );
   CREATE TABLE conversations (
     partner VARCHAR NOT NULL,
     root_sender VARCHAR NOT NULL,
     root_id VARCHAR NOT NULL,
     time TIMESTAMP NOT NULL,
     status VARCHAR NOT NULL,
     conversation JSON NOT NULL,
     PRIMARY KEY (partner, root_sender, root_id)
   );
   CREATE TABLE false_positives (
     time TIMESTAMP NOT NULL,
     partner VARCHAR NOT NULL,
     rule VARCHAR,
     sender VARCHAR NOT NULL,
     id VARCHAR NOT NULL,
     reason VARCHAR
   );
   CREATE TABLE traffic (
     minute TIMESTAMP NOT NULL,
     exporter VARCHAR,
     protocol UTINYINT,
     flows UBIGINT NOT NULL,
     packets UBIGINT NOT NULL,
     octets UBIGINT NOT NULL
   );
   CREATE TABLE talkers (
     minute TIMESTAMP NOT NULL,
     role VARCHAR NOT NULL,
     address VARCHAR NOT NULL,
     flows UBIGINT NOT NULL,
     packets UBIGINT NOT NULL,
     octets UBIGINT NOT NULL
   );`,
  `ALTER TABLE detections ADD COLUMN kind VARCHAR;
   ALTER TABLE detections ADD COLUMN attacker VARCHAR;
   ALTER TABLE detections ADD COLUMN target VARCHAR;
   ALTER TABLE detections ADD COLUMN url VARCHAR;
   ALTER TABLE detections ADD COLUMN amount DOUBLE;
   ALTER TABLE events ADD COLUMN detected TIMESTAMP;
   ALTER TABLE conversations ADD COLUMN about VARCHAR[];`,
];
