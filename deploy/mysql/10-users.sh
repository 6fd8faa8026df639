#!/bin/bash
# Runs once, when the database's volume is made. Two users: one changes the schema, the other, which serves, cannot.
set -euo pipefail
app=$(cat /run/secrets/mysql_app)
migrate=$(cat /run/secrets/mysql_migrate)
MYSQL_PWD=$(cat /run/secrets/mysql_root) mysql --user=root <<SQL
CREATE DATABASE IF NOT EXISTS kenshu CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER 'migrate'@'%' IDENTIFIED BY '${migrate}';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON kenshu.* TO 'migrate'@'%';
CREATE USER 'kenshu'@'%' IDENTIFIED BY '${app}';
GRANT SELECT, INSERT, UPDATE, DELETE ON kenshu.* TO 'kenshu'@'%';
SQL
