using System.Security.Cryptography;
using System.Text;

namespace Kennel.Network.Filters;

/// <summary>Names of chains and sets.</summary>
static class FilterNames
{
    // The kernel takes 255 characters; a set's name is longer than its policy's by a little.
    const int Most = 160;

    /// <summary>The name as it is, or its beginning and a hash of it when it is too long for the kernel.</summary>
    public static string Of(string name) =>
        name.Length <= Most ? name : $"{name[..(Most - 17)]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16]}";
}
