"""Candidates made up for the judge's training: what is known of names, values and carriers before any line is looked at."""

import random
import string
from collections.abc import Callable, Iterator, Sequence

from espalier.core.findings.detection.traits import Candidate, of_path

SEED = 29
EACH = 2500  # of secrets; as many of public names with random values, and of telling names with ordinary values

_OWNERS = ("", "", "", "db", "redis", "admin", "api", "aws", "smtp", "mail", "jwt", "client", "user", "app", "root", "mysql", "service",
           "stripe", "github", "slack", "oauth", "ldap", "kafka", "vault", "test", "my", "default", "signing", "session", "encryption",
           "access", "refresh", "auth", "webhook", "bot", "ftp", "proxy", "keystore", "old", "new", "master", "rabbitmq", "postgres")  # fmt: skip
_TELLING = ("password", "password", "password", "passwd", "pwd", "pass", "passphrase", "secret", "secret", "secret_key", "token", "token",
            "api_key", "apikey", "access_key", "private_key", "auth_token", "access_token", "client_secret", "credential", "key", "salt",
            "secret_access_key", "bearer", "auth_key", "encryption_key", "session_secret", "user_pass", "session_cookie", "cookie", "auth", "hmac_key")  # fmt: skip
_PUBLIC = ("x", "y", "n", "kid", "etag", "signature", "oauth_signature", "consumer_key", "client_id", "request_id", "trace_id", "x-request-id",
           "x-amz-cf-id", "token_type", "key_id", "public_key", "fingerprint", "sha256", "md5", "checksum", "commit", "revision", "address",
           "wallet_address", "device_token", "nonce", "state", "code_challenge", "cursor", "next_page_token", "thumbprint", "integrity",
           "hash", "digest", "cache_key", "id", "_id", "uuid", "guid", "session_name", "etag", "tag", "ciphertext", "iv", "encrypted_key",
           "x5t", "modulus", "token_address", "public_token", "publishable_key", "site_key", "measurement_id", "tracking_id", "build_id",
           "blob", "image", "data", "expected", "content", "asset", "version", "ref", "account_id", "app_id", "object_id")  # fmt: skip
_SUFFIXES = ("_field", "_label", "_name", "_url", "_file", "_path", "_type", "_policy", "_length", "_header", "_error", "_placeholder",
             "_reset", "_confirmation", "_strength", "_prefix", "_endpoint", "_method", "_expiry", "_hint", "_input", "_required", "")  # fmt: skip
_WORDS = ["orchard", "river", "stone", "copper", "garden", "winter", "marble", "falcon", "summer", "violet", "bridge", "coffee", "monkey", "dragon", "silver", "thunder", "planet", "castle", "purple", "guitar", "rocket", "sunny", "happy", "tiger", "forest", "banana", "window", "pepper", "cookie", "lantern", "anchor", "velvet", "meadow", "harbor"]  # fmt: skip
_IDENTIFIERS = ["get", "user", "value", "store", "current", "reset", "field", "input", "form", "request", "login", "handler", "service", "config", "change", "update", "create", "check", "validate", "provider", "manager", "email", "name", "text", "label", "button", "page", "view", "error", "message", "type", "token", "password", "key", "auth"]  # fmt: skip
_SENTENCES = (
    "Enter your password", "Password is required", "Invalid token", "Forgot password?", "Please confirm the password", "Show password",
    "must be at least 8 characters", "Reset your password", "Token has expired", "The key to use", "Access denied", "wrong password",
    "Your API key", "Secret used to sign the session", "Passwords do not match", "New password", "Choose a strong password",
)  # fmt: skip
_ORDINARY = (
    "required", "string", "SHA256", "HS256", "basic", "Bearer ", "X-API-Key", "application/json", "utf-8", "/auth/login", "./keys/id.pem",
    "https://example.org/oauth/token", "current-password", "new-password", "form-control", "password_hash", "client_secret_post", "none",
    "user.password", "auth.token.invalid", "ROLE_ADMIN", "PASSWORD_RESET", "text/html", "id_token", "^[a-z]+$", "%s", "${TOKEN}",
    "<your-token>", "your-api-key", "changeme", "xxxxxxxx", "********", "example", "TODO", "{{ password }}", "AES/CBC/PKCS5Padding",
    "org.springframework.security", "refresh_token", "authorization_code", "SameSite", "sessionid", "1.2.3", "^3.188.0", "3600",
)  # fmt: skip
_CARRIERS = (
    ("src/{}.py", '{n} = "', '"\n'), ("src/{}.py", "    {n}='", "',\n"), ("lib/{}.js", 'const {c} = "', '";\n'), ("lib/{}.ts", "  {c}: '", "',\n"),
    ("src/main/{}.java", 'private static final String {C} = "', '";\n'), ("src/main/{}.java", '    props.put("{n}", "', '");\n'),
    ("pkg/{}.go", '{c} := "', '"\n'), ("pkg/{}.go", '    {p}: "', '",\n'), ("app/{}.rb", "  {n}: '", "'\n"), ("app/{}.php", "'{n}' => '", "',\n"),
    ("app/{}.php", "define('{C}', '", "');\n"), ("src/{}.cs", 'public string {p} = "', '";\n'), ("config/{}.yml", "  {n}: ", "\n"),
    ("config/{}.yaml", '{n}: "', '"\n'), (".env", "{C}=", "\n"), ("conf/{}.properties", "spring.{n}=", "\n"), ("conf/{}.ini", "{n} = ", "\n"),
    ("data/{}.json", '  "{c}": "', '",\n'), ("deploy/{}.tf", '  {n} = "', '"\n'), ("bin/{}.sh", "export {C}=", "\n"), ("bin/{}.sh", 'curl -d "{n}=', '" url\n'),
    ("docker-compose.yml", "      - {C}=", "\n"), ("docker-compose.yml", "      {C}: ", "\n"), ("README.md", "    {C}=", "\n"), ("docs/{}.md", "{n}: `", "`\n"),
    ("tests/test_{}.py", '    {n} = "', '"\n'), ("test/{}.spec.ts", "    {c}: '", "',\n"), ("src/test/java/{}Test.java", '    user.set{p}("', '");\n'),
    ("src/{}.swift", 'let {c} = "', '"\n'), ("src/{}.kt", 'val {c} = "', '"\n'), ("src/{}.cpp", 'std::string {c} = "', '";\n'), ("web/{}.html", 'data-{k}="', '">\n'),
    ("src/{}.md", "the {n} is ", "\n"), ("", "{n}: ", "\n"), ("db/{}.sql", "CREATE USER 'app' IDENTIFIED BY '", "';\n"), ("src/{}.config", '<add key="{p}" value="', '" />\n'),
    ("bin/{}.sh", "tool --{k} ", "\n"), ("bin/{}.sh", "tool --{k}=", "\n"), ("src/{}.js", "client.login('app', '", "')\n"),
    ("src/{}.py", "auth = HTTPBasicAuth('app', '", "')\n"), ("src/{}.java", 'DriverManager.getConnection(url, "app", "', '");\n'),
    ("src/{}.xml", '<property name="{n}" value="', '"/>\n'), ("src/{}.xml", "<{c}>", "</{c}>\n"), ("k8s/{}.yaml", "    {c}: ", "\n"), ("sql/{}.sql", "{n}='", "'\n"),
)  # fmt: skip
_TRANSLATED = ("Passwort", "Wachtwoord", "Contraseña", "Mot de passe", "Kennwort", "Senha", "Hasło", "Lösenord", "Parola", "Heslo", "Ongeldige",
               "Salasana", "Jelszó", "Пароль", "密码", "パスワード", "Jeton", "Schlüssel", "Geheimnis", "Token ungültig", "Clave", "Segreto")  # fmt: skip
_TRANSLATIONS = (
    ("i18n/messages_{}.properties", "{n}=", "\n"), ("src/locales/{}.json", '  "{n}": "', '",\n'), ("lang/{}.php", "'{n}' => '", "',\n"),
    ("config/locales/{}.yml", "    {n}: ", "\n"), ("assets/i18n/{}.json", '"{C}": "', '",\n'),
)  # fmt: skip
_ELIDED = ("ab..Z", "gA..H", "sk-...", "eyJhb...", "abc123", "12345", "your_token", "xxxx-xxxx", "***", "...", "secret-goes-here", "my-client-secret",
           "service-api-key", "insert-password", "put_your_key_here", "the-client-secret", "some-random-string")  # fmt: skip
_EXPRESSIONS = (
    ("src/{}.py", "    {n}=", ",\n"), ("src/{}.go", "    {p}: ", ",\n"), ("src/{}.go", "opts.{p} = ", "\n"), ("lib/{}.js", "  {c}: ", ",\n"),
    ("src/{}.java", "this.{c} = ", ";\n"), ("lib/{}.rb", "  {n}: ", ",\n"), ("src/{}.cs", "{p} = ", ",\n"), ("src/{}.php", "${n} = ", ";\n"),
)  # fmt: skip
_PROSE = ("already", "required", "invalid", "missing", "optional", "stored", "expired", "correct", "hashed", "generated", "visible", "changed",
          "available", "accepted", "rejected", "sensitive", "encrypted", "refreshed", "present", "configured", "ignored", "wrong.")  # fmt: skip
_NOTES = (
    ("docs/{}.md", "{n} ", "\n"),
    ("notes/{}.txt", "orchard {C} ", "\n"),
    ("docs/{}.md", "| {n} | ", " |\n"),
    ("log/{}.log", "{k}: ", "\n"),
)
_SENTENCE = (
    ("docs/{}.md", "If the {n} is ", " then\n"),
    ("", "the {k} is ", " now\n"),
    ("docs/{}.rst", "Note that a {n} is ", ".\n"),
)
_LISTS = (
    ("lib/{}.js", '["username","{c}","', '"]\n'), ("lib/{}.js", "new Buffer('user:{c}', '", "')\n"), ("src/{}.py", "fields = ['name', '{n}', '", "']\n"),
    ("src/{}.java", 'Arrays.asList("{c}", "', '");\n'), ("src/{}.go", '[]string{{"{n}", "', '"}}\n'), ("lib/{}.rb", "attr :{n}, '", "'\n"),
)  # fmt: skip
_RULES_OF_CARRIERS = (
    ("IDENTIFIED", "sql-password"), ("login(", "credentials-call"), ("Auth(", "credentials-call"), ("getConn", "credentials-call"), (".set{p}(", "password-call"), ("<{c}>", "xml-assignment"),
    ('value="', "xml-attribute"), ("--{k}", "command-line-password"), ('-d "{n}=', "inline-assignment"),
)  # fmt: skip
_RULES = {"password": "password-assignment", "secret": "secret-assignment", "token": "token-assignment"}


def candidates() -> Iterator[tuple[Candidate, frozenset[str], bool]]:
    """Each with its file's traits, and whether it is a secret; the same ones each time."""
    rng = random.Random(SEED)
    for _ in range(EACH):
        yield _placed(rng, _name(rng), _secret(rng), secret=True)
        yield _placed(rng, rng.choice(_PUBLIC), _random(rng), secret=False)
        yield _placed(rng, _name(rng) + rng.choice(_SUFFIXES), _ordinary(rng), secret=False)
        if rng.random() < 0.2:
            yield _placed(rng, _name(rng), _random(rng), secret=True, carriers=_NOTES)
            yield _placed(rng, _name(rng), _ordinary(rng), secret=False, carriers=_NOTES)
            yield _placed(rng, _name(rng), rng.choice(_ELIDED), secret=False)
            yield _placed(rng, _name(rng), rng.choice(_TRANSLATED), secret=False, carriers=_TRANSLATIONS)
            yield _placed(rng, _name(rng), rng.choice(_PROSE), secret=False, carriers=_SENTENCE)
            yield _placed(rng, _name(rng), _ordinary(rng), secret=False, carriers=_LISTS)
            yield _placed(rng, _name(rng), _expression(rng), secret=False, carriers=_EXPRESSIONS)


def _expression(rng: random.Random) -> str:
    words = rng.sample(_IDENTIFIERS, 3)
    return rng.choice((words[0] + "".join(map(str.capitalize, words[1:])), "_".join(words), f"{words[0]}.{words[1]}"))


def _placed(
    rng: random.Random, name: str, value: str, *, secret: bool, carriers: Sequence[tuple[str, str, str]] = _CARRIERS
) -> tuple[Candidate, frozenset[str], bool]:
    path, before, after = rng.choice(carriers)
    words = name.replace("-", "_").strip("_").split("_")
    camel = words[0] + "".join(map(str.capitalize, words[1:]))
    forms = {
        "n": name,
        "c": camel,
        "p": camel[:1].upper() + camel[1:],
        "C": name.upper().replace("-", "_"),
        "k": "-".join(words),
    }
    told = before.format(**forms)
    named = (
        "named-token"
        if (path, before, after) in _NOTES
        else next((rule for sign, rule in _RULES_OF_CARRIERS if sign in before), "")
    )
    rule = named or ("prose-assignment" if path in ("", "src/{}.md") else _rule(name, quoted=told[-1] in "\"'`"))
    one = Candidate(value=value, before=told, after=after.format(**forms), rule=rule)
    return one, of_path(path.format(rng.choice(_WORDS))), secret


def _rule(name: str, *, quoted: bool) -> str:
    if not quoted:
        return "setting-assignment"
    kind = "password" if "pass" in name or "pwd" in name else "secret" if "secret" in name or "key" in name else "token"
    return (
        _RULES[kind]
        if any(word in name for word in ("pass", "pwd", "secret", "key", "token", "auth", "salt"))
        else "entropy"
    )


def _name(rng: random.Random) -> str:
    return "_".join(part for part in (rng.choice(_OWNERS), rng.choice(_TELLING)) if part)


def _secret(rng: random.Random) -> str:
    return rng.choice((_random, _random, _password, _password, _letters))(rng)


def _random(rng: random.Random) -> str:
    shapes: tuple[Callable[[], str], ...] = (
        lambda: _of(rng, string.ascii_letters + string.digits, rng.choice((16, 20, 24, 32, 40, 43, 64))),
        lambda: _of(rng, "0123456789abcdef", rng.choice((32, 40, 64))),
        lambda: (
            _of(rng, string.ascii_letters + string.digits + "+/", rng.choice((22, 42, 43, 86)))
            + rng.choice(("=", "=="))
        ),
        lambda: _of(rng, string.ascii_letters + string.digits + "-_", rng.choice((22, 32, 43))),
        lambda: _of(rng, string.ascii_lowercase + string.digits, rng.choice((10, 12, 16, 25))),
        lambda: "-".join(_of(rng, "0123456789abcdef", size) for size in (8, 4, 4, 4, 12)),
    )
    return rng.choice(shapes)()


def _password(rng: random.Random) -> str:
    word, other = rng.sample(_WORDS, 2)
    digits, sign = str(rng.randrange(1, 2100)), rng.choice("!@#$%&*?")
    leet = word.translate(str.maketrans("aoei", "@031"))
    return rng.choice(
        (
            f"{word.capitalize()}{digits}{sign}", f"{leet}{digits}", f"{word.capitalize()}{other.capitalize()}{digits}", f"{word}{sign}{other}{digits}",
            f"{leet.capitalize()}{sign}{other}", f"{word}-{other}-{digits}-{rng.choice(_WORDS)}", _of(rng, string.ascii_letters + string.digits + "!@#$%^&*", rng.randrange(8, 16)),
            f"{word}{other}{digits}",
        )
    )  # fmt: skip


def _letters(rng: random.Random) -> str:
    letters = _of(rng, string.ascii_lowercase, rng.randrange(5, 13))
    return rng.choice((letters, letters, letters.capitalize(), letters + str(rng.randrange(10, 999))))


def _ordinary(rng: random.Random) -> str:
    words = rng.sample(_IDENTIFIERS, rng.randrange(2, 4))
    made = (
        "_".join(words), "".join(map(str.capitalize, words)), words[0] + "".join(map(str.capitalize, words[1:])), ".".join(words), "-".join(words),
        "_".join(words).upper(), rng.choice(_SENTENCES), rng.choice(_ORDINARY), rng.choice(_ORDINARY), rng.choice(_ORDINARY),
    )  # fmt: skip
    return rng.choice(made)


def _of(rng: random.Random, letters: str, size: int) -> str:
    return "".join(rng.choice(letters) for _ in range(size))
