namespace Kennel.Server.Auditing;

/// <summary>A file that is put aside when it is full; the oldest of those put aside goes. One thread uses it.</summary>
sealed class RotatingFile : IDisposable
{
    readonly string _path;
    readonly long _maxBytes;
    readonly int _kept;
    FileStream _file;

    public RotatingFile(string path, long maxBytes, int kept)
    {
        (_path, _maxBytes, _kept) = (path, maxBytes, kept);
        _file = Open();
    }

    public void Write(byte[] line)
    {
        if (_file.Length > 0 && _file.Length + line.Length > _maxBytes) Rotate();
        _file.Write(line);
    }

    public void Flush() => _file.Flush();

    public void Dispose() => _file.Dispose();

    void Rotate()
    {
        _file.Dispose();
        for (var n = _kept - 1; n >= 1; n--)
            if (File.Exists($"{_path}.{n}")) File.Move($"{_path}.{n}", $"{_path}.{n + 1}", overwrite: true);
        File.Move(_path, $"{_path}.1", overwrite: true);
        _file = Open();
    }

    FileStream Open() => new(_path, new FileStreamOptions
    {
        Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 64 * 1024, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });
}
