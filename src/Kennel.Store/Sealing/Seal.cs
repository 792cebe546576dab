using System.Security.Cryptography;
using System.Text;

namespace Kennel.Store.Sealing;

/// <summary>
/// Keeps the values of some keys from whoever reads the files: AES-256-GCM with a key in a file of its own, bound to the key that a value belongs to.
/// Values that were written before there was a seal are read as they are.
/// </summary>
public sealed class Seal : IDisposable
{
    const int KeyBytes = 32;
    const int NonceBytes = 12;
    const int TagBytes = 16;
    const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>How sealed values begin; no JSON does.</summary>
    static ReadOnlySpan<byte> Mark => "kennel:sealed:1:"u8;

    readonly AesGcm _aes;
    readonly string _path;
    readonly string[] _prefixes;

    Seal(byte[] key, string path, string[] prefixes) => (_aes, _path, _prefixes) = (new AesGcm(key, TagBytes), path, prefixes);

    /// <param name="path">Of the key, which only its owner can read; made when it isn't there.</param>
    /// <param name="prefixes">What begins with one of these is sealed.</param>
    /// <exception cref="StoreUnavailableException">The file holds no key.</exception>
    public static Seal Open(string path, params string[] prefixes)
    {
        if (!File.Exists(path)) Make(path);
        var key = new byte[KeyBytes];
        if (!Convert.TryFromBase64String(File.ReadAllText(path).Trim(), key, out var length) || length != KeyBytes)
            throw new StoreUnavailableException($"{path} holds no key ({KeyBytes} bytes in base64): put back a copy of it");
        return new(key, path, prefixes);
    }

    public void Dispose() => _aes.Dispose();

    internal bool Covers(string key)
    {
        foreach (var prefix in _prefixes) if (key.StartsWith(prefix, StringComparison.Ordinal)) return true;
        return false;
    }

    internal byte[] Close(string key, ReadOnlySpan<byte> value)
    {
        var whole = new byte[Mark.Length + NonceBytes + TagBytes + value.Length];
        Mark.CopyTo(whole);
        var (nonce, tag, text) = Parts(whole);
        RandomNumberGenerator.Fill(nonce.Span);
        _aes.Encrypt(nonce.Span, value, text.Span, tag.Span, Encoding.UTF8.GetBytes(key));
        return whole;
    }

    /// <summary>The value itself; one that isn't sealed as it is.</summary>
    /// <exception cref="StoreUnavailableException">It was sealed with another key, or somebody changed it.</exception>
    internal ReadOnlyMemory<byte> Unseal(string key, ReadOnlyMemory<byte> value)
    {
        if (!value.Span.StartsWith(Mark) || value.Length < Mark.Length + NonceBytes + TagBytes) return value;
        var (nonce, tag, text) = Parts(value.ToArray());
        var open = new byte[text.Length];
        try
        {
            _aes.Decrypt(nonce.Span, text.Span, tag.Span, open, Encoding.UTF8.GetBytes(key));
            return open;
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new StoreUnavailableException($"{key} was sealed with another key than the one in {_path}: put back a copy of that file", e);
        }
    }

    static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Text) Parts(byte[] whole)
    {
        var start = Mark.Length;
        return (whole.AsMemory(start, NonceBytes), whole.AsMemory(start + NonceBytes, TagBytes), whole.AsMemory(start + NonceBytes + TagBytes));
    }

    static void Make(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Mine;
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
        file.Flush(flushToDisk: true); // what is sealed with a key that is lost is lost
    }
}
