using System.Security.Cryptography;

namespace Kennel.Server.Http;

/// <summary>The admin's token, made once and kept in the data directory.</summary>
public static class Tokens
{
    public static readonly User Admin = new("kubernetes-admin", [User.Masters, User.Authenticated]);

    public static string ReadOrMake(string path)
    {
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } kept) return kept;
        var token = RandomNumberGenerator.GetHexString(48, lowercase: true);
        PrivateFile.Write(path, token + "\n");
        return token;
    }
}
