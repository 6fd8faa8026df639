#!/bin/sh
# Makes every secret of docker-compose.yml in deploy/secrets (or the directory given), once. What is there already stays as it is.
set -eu
dir=${1:-"$(dirname "$0")/secrets"}
mkdir -p "$dir"
chmod 700 "$dir"
random() { head -c 33 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n'; }
make() { # name, text: readable to the containers' users; the directory keeps the host's users out
  [ -s "$dir/$1" ] || printf '%s' "$2" > "$dir/$1"
  chmod 444 "$dir/$1"
}
for name in mysql_root mysql_app mysql_migrate redis_user objects_root objects_user kenshu_secret; do
  make "$name" "$(random)"
done
make kenshu_db "mysql://kenshu:$(cat "$dir/mysql_app")@mysql:3306/kenshu"
make kenshu_db_migrate "mysql://migrate:$(cat "$dir/mysql_migrate")@mysql:3306/kenshu"
make kenshu_redis "redis://kenshu:$(cat "$dir/redis_user")@redis:6379/0"
make kenshu_s3 "s3://kenshu:$(cat "$dir/objects_user")@objects:9000/kenshu?tls=false"
make redis_acl "user default off
user kenshu on >$(cat "$dir/redis_user") ~* &* +@all -@admin -@dangerous
"
echo "secrets are in $dir: keep a copy of kenshu_secret in another place"
