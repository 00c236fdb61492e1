#!/bin/sh
# Makes certificates and passwords for a Kafka cluster and a registry with TLS and SASL/SCRAM.
#
#   credentials.sh FOLDER [--mounted-at DIR] [--host NAME]…
#
# FOLDER must be new or empty. Nothing of what is generated is printed. Needs keytool, which comes with every JDK.
#
#   ca.pem, truststore.p12    the authority's certificate: what clients trust
#   kafka.p12, admin.p12, schema-registry.p12
#                             key and certificate of the brokers (CN=kafka), of whoever sets the cluster up (CN=admin), of the registry
#   stores.password           the password of these files
#   USER.env                  what the command line or a service needs to connect as USER: ingest, trainer, generator, user, operator
#   admin.env                 the same for whoever sets the cluster up, with a certificate
#   USER.scram                USER's password as kafka-configs.sh --add-config-file takes it
#   registry.users, registry.jaas
#                             who may use the registry, as the login module of Jetty reads it
#   kafka.env, schema-registry.env, admin.properties, kafka.properties
#                             settings of brokers and registry, and of kafka-acls.sh and its like
#
# --mounted-at is where services see the files, if not in the folder itself; user.env and operator.env are for this machine.
# --host adds a host name or an address to the certificates, besides localhost, 127.0.0.1, kafka and schema-registry.
set -eu
umask 022

complain() {
    printf 'credentials.sh: %s\n' "$1" >&2
    exit 1
}

[ $# -ge 1 ] || complain "name the folder to write to."
folder=$1
shift
mounted=
names=dns:localhost,ip:127.0.0.1,dns:kafka,dns:kafka-1,dns:kafka-2,dns:kafka-3,dns:schema-registry
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || complain "$1 needs a value."
    case $1 in
        --mounted-at) mounted=$2 ;;
        --host)
            case $2 in
                *[!0-9.]*) names=$names,dns:$2 ;;
                *) names=$names,ip:$2 ;;
            esac
            ;;
        *) complain "$1 is not an option; see the head of this file." ;;
    esac
    shift 2
done
mkdir -p "$folder"
# Only its owner may enter the folder. The files in it can be read by the users that containers run as, into which they are mounted.
chmod 700 "$folder"
[ -z "$(ls -A "$folder")" ] || complain "$folder is not empty: delete it to make new credentials."
cd "$folder"
here=$(pwd)
mounted=${mounted:-$here}

keytool=keytool
[ -z "${JAVA_HOME:-}" ] || keytool=$JAVA_HOME/bin/keytool
command -v "$keytool" >/dev/null || complain "keytool was not found: install a JDK 17 or newer, or set JAVA_HOME."

secret() {
    od -An -tx1 -N24 /dev/urandom | tr -d ' \n'
}

# Every command of keytool is a Java process: what makes its start shorter is worth it.
store() {
    "$keytool" -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC -J-Xshare:auto "$@" -storetype PKCS12 -storepass:file stores.password \
        >keytool.log 2>&1 || complain "keytool failed: $(cat keytool.log)"
}

certificate() { # NAME
    cp ca.p12 "$1.p12"
    store -genkeypair -keystore "$1.p12" -alias "$1" -signer ca -dname "CN=$1" -keyalg EC -groupname secp256r1 -validity 825 \
        -ext "san=$names" -ext ku:c=digitalSignature -ext eku=serverAuth,clientAuth
    store -delete -keystore "$1.p12" -alias ca
}

secret >stores.password
store -genkeypair -keystore ca.p12 -alias ca -dname CN=inkstream-authority -keyalg EC -groupname secp256r1 -validity 3650 \
    -ext bc:c=ca:true -ext ku:c=keyCertSign,cRLSign
store -exportcert -keystore ca.p12 -alias ca -rfc -file ca.pem
store -importcert -noprompt -keystore truststore.p12 -alias ca -file ca.pem &
certificate kafka
certificate admin
certificate schema-registry
wait
rm -f ca.p12 keytool.log # nothing else can be signed with it: for another certificate, make new ones

login() { # USER PASSWORD
    printf 'org.apache.kafka.common.security.scram.ScramLoginModule required username="%s" password="%s";' "$1" "$2"
}

client() { # USER FOLDER: variables that connect as this user, to the brokers and to the registry
    password=$(secret)
    printf 'SCRAM-SHA-512=password=%s\n' "$password" >"$1.scram"
    cat >"$1.env" <<END
KAFKA_SECURITY_PROTOCOL=SASL_SSL
KAFKA_SASL_MECHANISM=SCRAM-SHA-512
KAFKA_SASL_JAAS_CONFIG='$(login "$1" "$password")'
KAFKA_SSL_TRUSTSTORE_TYPE=PEM
KAFKA_SSL_TRUSTSTORE_LOCATION=$2/ca.pem
KAFKA_BASIC_AUTH_CREDENTIALS_SOURCE=USER_INFO
KAFKA_BASIC_AUTH_USER_INFO=$1:$password
KAFKA_SCHEMA_REGISTRY_SSL_TRUSTSTORE_TYPE=PEM
KAFKA_SCHEMA_REGISTRY_SSL_TRUSTSTORE_LOCATION=$2/ca.pem
END
    printf '%s: %s,inkstream\n' "$1" "$password" >>registry.users
}

for service in ingest trainer generator; do
    client "$service" "$mounted"
done
for person in user operator; do
    client "$person" "$here"
done

# The registry, the brokers and the set-up use the variables of their own images.
stores=$(cat stores.password)
password=$(secret)
printf 'SCRAM-SHA-512=password=%s\n' "$password" >schema-registry.scram
cat >schema-registry.env <<END
SCHEMA_REGISTRY_KAFKASTORE_SECURITY_PROTOCOL=SASL_SSL
SCHEMA_REGISTRY_KAFKASTORE_SASL_MECHANISM=SCRAM-SHA-512
SCHEMA_REGISTRY_KAFKASTORE_SASL_JAAS_CONFIG='$(login schema-registry "$password")'
SCHEMA_REGISTRY_KAFKASTORE_SSL_TRUSTSTORE_TYPE=PKCS12
SCHEMA_REGISTRY_KAFKASTORE_SSL_TRUSTSTORE_LOCATION=$mounted/truststore.p12
SCHEMA_REGISTRY_KAFKASTORE_SSL_TRUSTSTORE_PASSWORD=$stores
SCHEMA_REGISTRY_SSL_KEYSTORE_TYPE=PKCS12
SCHEMA_REGISTRY_SSL_KEYSTORE_LOCATION=$mounted/schema-registry.p12
SCHEMA_REGISTRY_SSL_KEYSTORE_PASSWORD=$stores
SCHEMA_REGISTRY_SSL_KEY_PASSWORD=$stores
END
cat >registry.jaas <<END
inkstream {
    org.eclipse.jetty.security.jaas.spi.PropertyFileLoginModule required file="$mounted/registry.users";
};
END
cat >kafka.env <<END
KAFKA_SSL_KEYSTORE_TYPE=PKCS12
KAFKA_SSL_KEYSTORE_LOCATION=$mounted/kafka.p12
KAFKA_SSL_KEYSTORE_PASSWORD=$stores
KAFKA_SSL_KEY_PASSWORD=$stores
KAFKA_SSL_TRUSTSTORE_TYPE=PKCS12
KAFKA_SSL_TRUSTSTORE_LOCATION=$mounted/truststore.p12
KAFKA_SSL_TRUSTSTORE_PASSWORD=$stores
END
cat >admin.env <<END
KAFKA_SECURITY_PROTOCOL=SSL
KAFKA_SSL_KEYSTORE_TYPE=PKCS12
KAFKA_SSL_KEYSTORE_LOCATION=$mounted/admin.p12
KAFKA_SSL_KEYSTORE_PASSWORD=$stores
KAFKA_SSL_KEY_PASSWORD=$stores
KAFKA_SSL_TRUSTSTORE_TYPE=PKCS12
KAFKA_SSL_TRUSTSTORE_LOCATION=$mounted/truststore.p12
KAFKA_SSL_TRUSTSTORE_PASSWORD=$stores
END
for name in admin kafka; do
    cat >$name.properties <<END
security.protocol=SSL
ssl.keystore.type=PKCS12
ssl.keystore.location=$mounted/$name.p12
ssl.keystore.password=$stores
ssl.key.password=$stores
ssl.truststore.type=PKCS12
ssl.truststore.location=$mounted/truststore.p12
ssl.truststore.password=$stores
END
done
