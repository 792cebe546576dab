using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Kennel.Server.Http;

namespace Kennel.Server.Access.Tokens;

/// <summary>The key that signs service account tokens: ECDSA P-256, made in a moment and quick to sign with.</summary>
public sealed class SigningKey
{
    const int CoordinateBytes = 32;

    readonly Lock _gate = new(); // a key isn't promised to be safe for several threads
    readonly ECDsa _key;

    SigningKey(ECDsa key)
    {
        _key = key;
        Id = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>Names the key in tokens' heads.</summary>
    public string Id { get; }

    /// <summary>A key that is gone with the process.</summary>
    public static SigningKey Passing() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>The key in a file that only its owner reads; made when it isn't there.</summary>
    public static SigningKey Open(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(path)) key.ImportFromPem(File.ReadAllText(path));
        else PrivateFile.Write(path, key.ExportPkcs8PrivateKeyPem());
        return new(key);
    }

    /// <summary>A token with these claims.</summary>
    public string Sign(ReadOnlySpan<byte> claims)
    {
        var signed = $"{Head}.{Base64Url.EncodeToString(claims)}";
        lock (_gate) return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>The claims of a token that this key has signed; null for any other text.</summary>
    public byte[]? Verify(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || parts[0] != Head || !Base64Url.IsValid(parts[1]) || !Base64Url.IsValid(parts[2])) return null;
        lock (_gate)
            return _key.VerifyData(Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256)
                ? Base64Url.DecodeFromChars(parts[1])
                : null;
    }

    /// <summary>The public half, as those who check tokens elsewhere read it (RFC 7517).</summary>
    public JsonObject Published()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new()
        {
            ["use"] = "sig", ["kty"] = "EC", ["kid"] = Id, ["crv"] = "P-256", ["alg"] = "ES256", ["x"] = Coordinate(point.X!), ["y"] = Coordinate(point.Y!),
        };
    }

    string Head => field ??= Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"alg":"ES256","kid":"{{Id}}"}"""));

    static string Coordinate(byte[] number)
    {
        Span<byte> whole = stackalloc byte[CoordinateBytes];
        whole.Clear();
        number.CopyTo(whole[(CoordinateBytes - number.Length)..]);
        return Base64Url.EncodeToString(whole);
    }
}
