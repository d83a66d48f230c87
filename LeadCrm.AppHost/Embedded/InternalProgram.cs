/// <summary>
/// The web framework's generator would make this class public, and every test project that shares these servers would see two of them.
/// </summary>
internal partial class Program;
