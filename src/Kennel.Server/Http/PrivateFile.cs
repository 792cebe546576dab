namespace Kennel.Server.Http;

/// <summary>Files with secrets: never readable by others, and never half-written.</summary>
static class PrivateFile
{
    public static void Write(string path, string text)
    {
        var draft = path + ".new";
        File.Delete(draft);
        using (var stream = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        File.Move(draft, path, overwrite: true);
    }
}
