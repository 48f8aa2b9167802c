"""A real broker that lets in only who has a password (SCRAM), over TLS with a certificate of its own."""

import datetime
import ipaddress
import secrets
from pathlib import Path

from broker import JarBroker, free_ports
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

USER = "lineage"
MECHANISM = "SCRAM-SHA-512"


class SecuredBroker(JarBroker):
    """Its own copy of Kafka: clients come in by SASL_SSL only. Raises NoBroker where there is no Java."""

    def _client(self) -> dict[str, str]:
        self.password = secrets.token_hex(16)
        self.authority = certificate(self._folder)
        return {
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": MECHANISM,
            "sasl_plain_username": USER,
            "sasl_plain_password": self.password,
            "ssl_cafile": str(self.authority),
        }

    def _doors(self, port: int) -> dict[str, str]:
        inside, controller = free_ports()
        return {
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "listeners": f"SASL_SSL://127.0.0.1:{port},INSIDE://127.0.0.1:{inside},"
            f"CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"SASL_SSL://127.0.0.1:{port},INSIDE://127.0.0.1:{inside}",
            "inter.broker.listener.name": "INSIDE",
            "listener.security.protocol.map": "SASL_SSL:SASL_SSL,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "sasl.enabled.mechanisms": MECHANISM,
            f"listener.name.sasl_ssl.{MECHANISM.lower()}.sasl.jaas.config": (
                "org.apache.kafka.common.security.scram.ScramLoginModule required;"
            ),
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self._folder / "server.pem"),
        }

    def _users(self) -> list[str]:
        return ["--add-scram", f"{MECHANISM}=[name={USER},password={self.password}]"]


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, for an hour; `server.pem` has its key, too."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "server.pem").write_bytes(private + signed)
    authority = folder / "authority.pem"
    authority.write_bytes(signed)
    return authority
